// Somebody uses the stock Chainlit page in a headless Chromium and talks to the bot `showcase`.
//
//   node stock_ui.mjs ADDRESS FOLDER
//
// Prints a line of JSON for each story, {"story": …, "error": null or why it failed}, and leaves a screenshot of each in FOLDER.
import { execSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

const [address, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? execSync('command -v chromium').toString().trim(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 960 } });
page.setDefaultTimeout(20_000);

// What no story may cause.
const mishaps = [];
page.on('pageerror', (error) => mishaps.push(`the page threw ${error}`));
page.on('response', (response) => {
  if (response.status() >= 500) mishaps.push(`${response.status()} from ${response.url()}`);
});

// Fonts and styles of other sites are none of our business.
await page.route((url) => !url.href.startsWith(address) && url.protocol.startsWith('http'), (route) => route.abort());

// Sockets pass through here, so that they can be broken.
const sockets = [];
let connected = () => {};
await page.routeWebSocket(/socket\.io/, (socket) => {
  const server = socket.connectToServer();
  socket.onMessage((message) => server.send(message));
  server.onMessage((message) => {
    socket.send(message);
    if (String(message).includes('clear_call_fn')) connected();
  });
  sockets.push(socket);
});

const bubbles = page.locator('[data-step-type="assistant_message"]');
const input = page.locator('#chat-input');
const send = page.locator('#chat-submit:not([disabled])');
const text = async (locator) => (await locator.innerText()).replace(/\s+/g, ' ').trim();

/** Sends a message; returns the bubble that will be the answer. */
async function say(words) {
  const answer = bubbles.nth(await bubbles.count());
  // The button to send is there when the bot is done.
  await page.locator('#chat-submit').waitFor();
  await input.fill(words);
  await send.click();
  return answer;
}

/** Waits until something is true of the page. */
async function until(what, probe, ...args) {
  await page.waitForFunction(probe, args.length ? args : null).catch(() => {
    throw new Error(`never: ${what}`);
  });
}

/** Sends a message and waits for the answer that contains `expected`. */
async function ask(words, expected) {
  const answer = await say(words);
  await answer.filter({ hasText: expected }).waitFor();
  await page.locator('#chat-submit').waitFor();
  return answer;
}

/** Watches for a text from now on. It may be there for a moment only, which waiting for it could miss. */
function glimpse(words) {
  return page.evaluate(([words, patience]) => new Promise((resolve, reject) => {
    const look = () => document.body.innerText.includes(words) && resolve();
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    setTimeout(() => reject(new Error(`never: ${words}`)), patience);
  }), [words, 20_000]);
}

function must(condition, why) {
  if (!condition) throw new Error(why);
}

async function counter() {
  const told = await text(await ask('session', 'counter'));
  return Number(/"counter": (\d+)/.exec(told)?.[1]);
}

const stories = {
  async load() {
    await page.goto(`${address}/`);
    await input.waitFor();
    const hint = await input.getAttribute('placeholder');
    must(hint && !hint.startsWith('chat.'), `the page is not translated: ${hint}`);
  },
  async hello() {
    must((await text(await ask('hello', 'Hello from the bot'))).includes('Hello from the bot'), 'no greeting');
    must((await page.locator('[data-step-type="user_message"]').count()) === 1, 'the user sees no message of their own');
  },
  async stream() {
    const answer = await say('stream 12');
    await answer.filter({ hasText: 'tok2' }).waitFor();
    must(!(await answer.innerText()).includes('tok11'), 'the answer came all at once');
    await answer.filter({ hasText: 'tok11' }).waitFor();
    const whole = Array.from({ length: 12 }, (_, n) => `tok${n}`).join(' ');
    must((await text(answer)).includes(whole), `a token is missing: ${await text(answer)}`);
  },
  async steps() {
    await ask('steps', 'All steps finished');
    const outer = page.locator('#step-outer_tool').last();
    await outer.click();
    const inner = page.locator('#step-inner_llm').last();
    await inner.waitFor();
    await page.locator('#step-inner_retrieval').last().waitFor();
    await inner.click();
    await page.getByText('thinking done').last().waitFor();
    await page.locator('#step-decorated_tool').last().waitFor();
  },
  async longstep() {
    const answer = await say('longstep');
    const step = page.locator('#step-long_tool').last();
    await step.filter({ hasText: 'Using' }).waitFor();
    await answer.filter({ hasText: 'long step finished' }).waitFor();
    await step.filter({ hasText: 'Used' }).waitFor();
  },
  async actions() {
    const answer = await ask('actions', 'Pick an action');
    const echo = bubbles.nth(await bubbles.count());
    await answer.getByRole('button', { name: 'Ping me' }).click();
    await echo.filter({ hasText: 'action ping got {"v": 1}' }).waitFor();
    const remove = page.getByRole('button', { name: 'Remove me' }).last();
    await remove.click();
    await remove.waitFor({ state: 'detached' });
  },
  async image() {
    await ask('image', 'Here is an image');
    await until('the picture is loaded', () => {
      const picture = [...document.querySelectorAll('img.inline-image')].pop();
      return picture?.complete && picture.naturalWidth > 0;
    });
  },
  async stop() {
    const answer = await say('slow');
    await answer.filter({ hasText: 's2' }).waitFor();
    await page.locator('#stop-button').click();
    await page.getByText('Task manually stopped.').last().waitFor();
    await page.locator('#chat-submit').waitFor();
    const then = await text(answer);
    await ask('hello', 'Hello from the bot');
    must((await text(answer)) === then, 'the answer went on after it was stopped');
  },
  async session() {
    const before = await counter();
    must((await counter()) === before + 1, 'the bot forgot');
  },
  async toast() {
    const toasts = ['info', 'success', 'warning', 'error'].map((kind) => glimpse(`toast ${kind}`));
    const answer = await say('toast');
    await Promise.all(toasts);
    await page.locator('[data-sonner-toast]').first().waitFor();
    await answer.filter({ hasText: 'toasts sent' }).waitFor();
  },
  async update() {
    const before = glimpse('before');
    const answer = await say('update');
    await Promise.all([before, answer.filter({ hasText: 'after' }).waitFor()]);
  },
  async remove() {
    const shown = glimpse('to be removed');
    await say('remove');
    await shown;
    await page.getByText('to be removed').waitFor({ state: 'detached' });
    await bubbles.last().filter({ hasText: 'removed' }).waitFor();
  },
  async error() {
    await say('error');
    await bubbles.last().filter({ hasText: 'handler exploded' }).waitFor();
    await ask('hello', 'Hello from the bot');
  },
  async reconnect() {
    const before = await counter();
    const answer = await say('stream 20');
    await answer.filter({ hasText: 'tok2' }).waitFor();
    const back = new Promise((resolve) => { connected = resolve; });
    for (const socket of sockets.splice(0)) await socket.close({ code: 4000 }).catch(() => {});
    await back;
    await answer.filter({ hasText: 'tok19' }).waitFor();
    const whole = Array.from({ length: 20 }, (_, n) => `tok${n}`).join(' ');
    must((await text(answer)).includes(whole), `a token is missing: ${await text(answer)}`);
    await page.locator('#session-error').waitFor({ state: 'detached' });
    must((await counter()) === before + 2, 'the session was lost');
  },
  async 'nothing broke'() {
    must(mishaps.length === 0, mishaps.join('; '));
  },
};

for (const [story, play] of Object.entries(stories)) {
  const error = await play().then(() => null, (reason) => String(reason).split('\n')[0]);
  await page.screenshot({ path: path.join(folder, `${story.replaceAll(' ', '-')}.png`) });
  process.stdout.write(`${JSON.stringify({ story, error })}\n`);
}
await browser.close();
