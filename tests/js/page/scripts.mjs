// What runs on a careless page, in every place of the chat. Each story shows it, sees that it stands there as a text, and searches.
import { must, patience, Person } from './kit.mjs';
import { evil, Guard, Reader } from './guard.mjs';

const file = (name, text) => ({ name, mimeType: 'text/html', buffer: Buffer.from(text) });

/** Words: of the bot, of the user, and the files that they name. */
export const words = (stage) => {
  const { guard } = stage;
  const reader = new Reader(stage);
  const { reads, names, hints, show, search } = reader;
  return {
    async 'the guard sees'() {
      const other = new Guard();
      const person = new Person(stage.browser, stage.address, stage.options);
      await person.begin();
      await other.watch(person.context);
      const { page } = await person.tab();
      await page.evaluate((text) => {
        const place = document.createElement('div');
        place.innerHTML = `${text}<a href="javascript:alert(1)">x</a>`;
        document.body.append(place);
        location.href = "javascript:void (__pwned='address')";
      }, evil('control'));
      const seen = () => other.found.join('; ');
      const words = [stage.options.bypassCSP ? 'a script ran: control' : 'the policy held back script-src-attr', 'a request to https://canary.invalid/control'];
      if (stage.options.bypassCSP) words.push('a dialog: control', 'a script ran: address');
      const end = Date.now() + patience;
      while (!words.every((word) => seen().includes(word))) {
        must(Date.now() < end, `only: ${seen()}`);
        await page.waitForTimeout(50);
      }
      const found = await other.search(page).then(() => 'nothing', String);
      must(found.includes('a handler: img onerror') || found.includes('a script ran'), found);
      await person.leave();
    },
    async welcome() {
      await reader.begin();
      const { tab } = stage;
      await reads('display-name', 'category', 'starter', 'link');
      await names('description');
      await tab.page.getByText('The end of the Markdown.').first().waitFor();
      await search();
      await tab.page.getByRole('button', { name: /^Bot:/ }).click();
      await reads('first');
      await search();
      await tab.page.keyboard.press('Escape');
      await tab.page.getByRole('button', { name: /: menu$/ }).click();
      await reads('user');
      await search();
      await tab.page.keyboard.press('Escape');
    },
    async starter() {
      const { tab } = stage;
      await tab.page.getByRole('button', { name: /\[starter\]/ }).click();
      await tab.answers.filter({ hasText: '[starter-message]' }).waitFor();
      await tab.own.filter({ hasText: '[starter-message]' }).waitFor();
      await tab.idle();
      await search();
      // The first words name the conversation.
      await tab.page.getByRole('navigation', { name: 'Conversations' }).getByRole('link', { name: 'starter-message' }).waitFor();
      await reads('starter-message');
      await search();
    },
    async markdown() {
      await show('markdown');
      const { tab } = stage;
      await tab.page.getByText('The end of the Markdown.').last().waitFor();
      await tab.page.locator('.katex').first().waitFor();
      await search();
    },
    async 'the user'() {
      const { tab } = stage;
      await tab.ask(evil('said'), '[said]');
      await search();
      const mine = tab.own.last();
      await mine.hover();
      await mine.getByRole('button', { name: 'Edit the message' }).click();
      await mine.getByRole('textbox').fill(evil('edited'));
      await search();
      await mine.getByRole('textbox').press('Enter');
      await tab.answers.filter({ hasText: '[edited]' }).waitFor();
      await tab.idle();
      await search();
      await tab.page.getByTestId('file-input').setInputFiles([file(`${evil('upload').replaceAll('/', '|')}.html`, evil('upload-text'))]);
      await tab.page.getByRole('list', { name: 'Attached files' }).getByText('[upload]').waitFor();
      await search();
      await tab.ask('here', 'here');
      await tab.own.last().getByText('[upload]').first().waitFor();
      await search();
    },
    async messages() {
      await show('names');
      const { tab } = stage;
      await reads('author', 'label', 'code');
      await names('text', 'error', 'stream');
      await hints('tooltip');
      await search();
      await tab.page.getByRole('button', { name: /\[label\]/ }).last().hover();
      await search();
    },
    async steps() {
      await show('steps');
      for (const name of ['step', 'failed-step']) {
        const fold = stage.tab.page.getByRole('button', { name: `[${name}]` }).last();
        if ((await fold.getAttribute('aria-expanded')) === 'false') await fold.click();
      }
      await reads('step', 'input', 'output', 'failed-step');
      await names('step-error');
      await search();
    },
    async elements() {
      await show('elements');
      await reads('side', 'note', 'sound', 'film', 'file', 'source');
      await names('side-text', 'note-text', 'source-text');
      await hints('note', 'sound');
      await search();
      await stage.tab.button('Close the panel').click();
    },
    async 'an element on a page'() {
      const { page } = stage.tab;
      const thread = page.url().split('/').pop();
      const { elements } = await (await page.request.get(`${stage.address}/project/thread/${thread}`)).json();
      const element = elements.find(({ name }) => name === evil('page'));
      await page.goto(`${stage.address}/element/${element.id}?thread=${thread}`);
      await reads('page');
      await names('page-text');
      await search();
      await page.goto(`${stage.address}/thread/${thread}`);
      await stage.tab.answers.first().waitFor();
    },
    async 'files that are pages'() {
      await show('pages');
      const { page } = stage.tab;
      await page.getByRole('img', { name: 'drawing.svg' }).first().waitFor();
      await search();
      const thread = page.url().split('/').pop();
      const { elements } = await (await page.request.get(`${stage.address}/project/thread/${thread}`)).json();
      const found = elements.filter(({ name }) => /^(drawing|file|page|paper)\./.test(name));
      must(found.length === 4, `${found.length} files`);
      for (const { name, url } of found) {
        const other = await stage.guest.context.newPage();
        const download = other.waitForEvent('download');
        // Going there ends at once, with a file.
        await other.goto(new URL(url, stage.address).href).catch(() => {});
        must((await download).suggestedFilename() === name, `${name} is a page`);
        await other.close();
      }
      guard.check();
    },
  };
};
