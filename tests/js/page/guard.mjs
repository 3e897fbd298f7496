// Texts that would run, and a guard that sees it if one does.
import { must, patience } from './kit.mjs';

/** The text that the bot `rogue` puts into a place, word for word. */
export const evil = (place) => `"'><script>alert(__pwned='${place}')</script><img src="https://canary.invalid/${place}" onerror="alert(__pwned='${place}')"><svg onload="alert(__pwned='${place}')"></svg> [${place}]`;

/** Watches over all pages of a context. */
export class Guard {
  found = [];

  saw(what) {
    this.found.push(...what);
  }

  async watch(context) {
    context.on('request', (request) => {
      if (request.url().includes('canary.invalid')) this.saw([`a request to ${request.url()}`]);
    });
    context.on('dialog', (dialog) => {
      this.saw([`a dialog: ${dialog.message()}`]);
      dialog.dismiss().catch(() => {});
    });
    await context.exposeBinding('__tell', (_, what) => this.saw([what]));
    await context.addInitScript(() => {
      let pwned;
      Object.defineProperty(window, '__pwned', {
        get: () => pwned,
        set(place) {
          pwned = place;
          window.__tell(`a script ran: ${place}`);
        },
      });
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample, sourceFile }) => {
        // A picture that may not be fetched is no script.
        if (effectiveDirective !== 'img-src') window.__tell(`the policy held back ${effectiveDirective} ${blockedURI} ${sample} ${sourceFile ?? ''}`);
      });
    });
  }

  check() {
    const found = this.found.splice(0);
    must(found.length === 0, [...new Set(found)].join('; '));
  }

  /** Clicks and touches what a text has become, then looks whether anything has run, or would if somebody went on. */
  async search(page) {
    this.saw(await page.evaluate(poke));
    // What was begun by a click, a load or an error has had its turn when the page has drawn twice.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50)))));
    this.saw(await page.evaluate(dangers));
    const pwned = await page.evaluate(() => window.__pwned);
    must(pwned === undefined, `a script ran: ${pwned}`);
    this.check();
  }
}

/** Somebody who reads what the bot `rogue` shows. The words can be taken out of it. */
export class Reader {
  constructor(stage) {
    this.stage = stage;
  }

  /** Opens a tab under the eyes of the guard, and picks the bot. */
  begin = async () => {
    const { guest, guard } = this.stage;
    await guest.begin();
    await guard.watch(guest.context);
    this.stage.tab = await guest.tab();
    const { page, input } = this.stage.tab;
    await input.waitFor();
    await page.getByRole('button', { name: /^Bot:/ }).click();
    await page.getByRole('button', { name: /display-name/ }).last().click();
    await this.reads('display-name');
  };

  /** Waits until all of these stand on the page, word for word. */
  reads = async (...places) => {
    await this.#waits(places.map((place) => evil(place)));
  };

  /** Waits until all of these stand on the page as Markdown, which leaves HTML out. */
  names = async (...places) => {
    await this.#waits(places.map((place) => `[${place}]`));
  };

  /** Sees that these are hints, in which HTML is text always. */
  hints = async (...places) => {
    const titles = await this.stage.tab.page.evaluate(() => [...document.querySelectorAll('[title]')].map(({ title }) => title));
    for (const place of places) must(titles.includes(evil(place)), `no hint ${place}`);
  };

  /** Has the bot show something; waits until it is done. */
  show = async (what) => {
    const { tab } = this.stage;
    await tab.say(`script ${what}`);
    await tab.page.getByText(`allowed ${what}`, { exact: true }).last().waitFor();
    await tab.idle();
  };

  search = () => this.stage.guard.search(this.stage.tab.page);

  async #waits(texts) {
    const { page } = this.stage.tab;
    const end = Date.now() + patience;
    for (;;) {
      const missing = await page.evaluate((all) => {
        const shown = document.body.innerText.replace(/\s+/g, ' ');
        return all.filter((text) => !shown.includes(text));
      }, texts);
      if (missing.length === 0) return;
      must(Date.now() < end, `not shown as text: ${missing.join(' | ')}`);
      await page.waitForTimeout(50);
    }
  }
}

/** Runs in the page: whatever can be touched in the texts of others is touched. */
function poke() {
  const texts = document.querySelectorAll('.markdown *, .js-plotly-plot a, figure td, figure th');
  for (const node of texts) {
    for (const kind of ['pointerover', 'mouseover', 'mouseenter', 'mousemove', 'focus', 'toggle']) node.dispatchEvent(new Event(kind, { bubbles: true }));
    const anchor = node.closest('a');
    const href = anchor?.getAttribute('href') ?? anchor?.getAttribute('xlink:href');
    // Where the web is meant, a click leaves the page, which is no script.
    const isWeb = href && URL.canParse(href, location.href) && /^(https?|mailto):$/.test(new URL(href, location.href).protocol);
    const leaves = isWeb || node.closest('button, summary');
    if (!leaves) node.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
  }
  return [];
}

/** Runs in the page: what in it runs, or would at a click. */
function dangers() {
  const found = [];
  const safe = { src: /^(https?|blob):$/, poster: /^(https?|blob):$/, data: /^$/, srcdoc: /^$/, default: /^(https?|blob|mailto):$/ };
  for (const node of document.querySelectorAll('*')) {
    for (const { name, value } of node.attributes) {
      const told = `${node.tagName.toLowerCase()} ${name}=${value.slice(0, 120)}`;
      if (/^on/i.test(name)) found.push(`a handler: ${told}`);
      // Pictures run nothing, wherever they come from.
      if (/^(img|image)$/i.test(node.tagName)) continue;
      if (!/^(href|xlink:href|src|srcdoc|poster|data|action|formaction|background|ping)$/i.test(name) || value === '') continue;
      const { protocol } = URL.canParse(value, location.href) ? new URL(value, location.href) : { protocol: 'none' };
      if (!(safe[name.toLowerCase()] ?? safe.default).test(protocol)) found.push(`an address: ${told}`);
    }
    if (['BASE', 'OBJECT', 'EMBED', 'APPLET'].includes(node.tagName)) found.push(`a tag: ${node.outerHTML.slice(0, 120)}`);
    if (node.tagName === 'META' && node.httpEquiv === 'refresh') found.push('the page is sent away');
    if (node.tagName === 'SCRIPT' && (!node.src || new URL(node.src).origin !== location.origin)) found.push(`a script: ${node.outerHTML.slice(0, 120)}`);
  }
  return found;
}
