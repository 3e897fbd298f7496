// A browser that uses Chinwag's own page, and what every story needs of it.
import { execSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const patience = Number(process.env.PATIENCE ?? 20_000);

export async function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? execSync('command -v chromium').toString().trim(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  });
}

export function must(condition, why) {
  if (!condition) throw new Error(why);
}

/** One person at one server: contexts of the browser, and what went wrong in them. */
export class Person {
  mishaps = [];

  constructor(browser, address, options = {}) {
    Object.assign(this, { browser, address, options });
  }

  async begin() {
    this.context ??= await this.browser.newContext({ viewport: { width: 1280, height: 860 }, colorScheme: 'light', ...this.options });
  }

  /** Opens a tab; `doctored` are answers of the server that are changed on the way, by path. */
  async tab(place = '/', doctored = {}) {
    await this.begin();
    const page = await this.context.newPage();
    page.setDefaultTimeout(patience);
    page.on('pageerror', (error) => this.mishaps.push(`the page threw ${error}`));
    page.on('response', (response) => response.status() >= 500 && this.mishaps.push(`${response.status()} from ${response.url()}`));
    const tab = new Tab(page, this.address);
    await tab.watch();
    for (const [path, change] of Object.entries(doctored)) await tab.doctor(path, change);
    await page.goto(`${this.address}${place}`);
    return tab;
  }

  async leave() {
    await this.context?.close();
    this.context = undefined;
  }
}

/** One tab, and the words for what people do in it. */
export class Tab {
  sockets = [];
  isOffline = false;

  constructor(page, address) {
    Object.assign(this, { page, address });
    this.input = page.locator('#composer');
    this.answers = page.locator('[data-step-type="assistant_message"]');
    this.own = page.locator('[data-step-type="user_message"]');
    this.send = page.getByRole('button', { name: 'Send', exact: true });
    this.banner = page.locator('#connection-banner');
  }

  /** Sockets pass through here, so that they can be broken; other sites are none of our business. */
  async watch() {
    const own = (url) => url.href.startsWith(this.address) || !url.protocol.startsWith('http');
    await this.page.route((url) => !own(url), (route) => route.abort());
    await this.page.routeWebSocket(/socket\.io/, (socket) => {
      if (this.isOffline) return void setTimeout(() => socket.close({ code: 4000 }).catch(() => {}), 20);
      const server = socket.connectToServer();
      socket.onMessage((message) => server.send(message));
      server.onMessage((message) => socket.send(message));
      this.sockets.push(socket);
    });
  }

  async doctor(path, change) {
    await this.page.route((url) => url.pathname === path, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...await response.json(), ...change } });
    });
  }

  async cut() {
    for (const socket of this.sockets.splice(0)) await socket.close({ code: 4000 }).catch(() => {});
  }

  button(name, options = {}) {
    return this.page.getByRole('button', { name, exact: true, ...options });
  }

  /** Says something; returns the message of the bot that will be the answer. */
  async say(words) {
    await this.idle();
    const answer = this.answers.nth(await this.answers.count());
    await this.input.fill(words);
    await this.send.click();
    return answer;
  }

  /** Says something and waits for the answer that contains `expected`. */
  async ask(words, expected) {
    const answer = await this.say(words);
    await answer.filter({ hasText: expected }).waitFor();
    await this.idle();
    return answer;
  }

  async idle() {
    await this.send.waitFor();
  }

  async text(locator) {
    return (await locator.innerText()).replace(/\s+/g, ' ').trim();
  }

  async until(what, probe, argument) {
    await this.page.waitForFunction(probe, argument).catch(() => { throw new Error(`never: ${what}`); });
  }

  /** Watches for a text from now on: it may be there for a moment only. */
  glimpse(words) {
    return this.page.evaluate(([text, limit]) => new Promise((resolve, reject) => {
      const look = () => document.body.innerText.includes(text) && resolve();
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
      setTimeout(() => reject(new Error(`never: ${text}`)), limit);
    }), [words, patience]);
  }

  /** Nothing serious that keeps people with a screen reader or a keyboard out. */
  async accessible() {
    // Half-faded things have colours that nobody sees for long.
    await this.page.waitForTimeout(400);
    // A toast that fades has no contrast to speak of.
    await this.until('no toast is left', () => !document.querySelector('[data-sonner-toast]'));
    await this.page.evaluate(axe);
    const { violations } = await this.page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    const bad = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    const told = bad.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.any[0]?.message ?? ''}`).slice(0, 3).join(', ')}`);
    must(bad.length === 0, `axe: ${told.join('; ')}`);
  }
}

/** Plays stories one after the other, tells how each ended, and leaves a picture of each. */
export async function play(stories, folder, current) {
  mkdirSync(folder, { recursive: true });
  const only = process.env.STORIES?.split(',');
  for (const [story, tell] of Object.entries(stories)) {
    if (only && !only.includes(story)) continue;
    const error = await tell().then(() => null, (reason) => String(reason).split('\n').slice(0, 3).join(' '));
    await current()?.page.screenshot({ path: path.join(folder, `${story.replaceAll(' ', '-')}.png`) }).catch(() => {});
    process.stdout.write(`${JSON.stringify({ story, error })}\n`);
  }
}

export const tokens = (count) => Array.from({ length: count }, (_, n) => `tok${n}`).join(' ');
