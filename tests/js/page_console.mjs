// An operator uses the console in a headless Chromium, on a server that has no bots at first.
//
//   CHINWAG_ADMIN_TOKEN=… node page_console.mjs ADDRESS FOLDER BOTS_FOLDER
//
// Prints a line of JSON for each story, {"story": …, "error": null or why it failed}, and leaves a screenshot of each in FOLDER.
import { execSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { deployStories } from './page_console/deploy.mjs';
import { lookStories } from './page_console/look.mjs';
import { operateStories } from './page_console/operate.mjs';
import { watchStories } from './page_console/watch.mjs';

const [address, folder, bots] = process.argv.slice(2);
const token = process.env.CHINWAG_ADMIN_TOKEN;
mkdirSync(folder, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? execSync('command -v chromium').toString().trim(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
page.setDefaultTimeout(20_000);

// What no story may cause.
const mishaps = [];
page.on('pageerror', (error) => mishaps.push(`the page threw ${error}`));
page.on('response', (response) => {
  if (response.status() >= 500) mishaps.push(`${response.status()} from ${response.url()}`);
});
page.on('request', (request) => {
  if (request.url().startsWith('http') && !request.url().startsWith(address)) mishaps.push(`a request to ${request.url()}`);
});

const desk = { page, address, bots, token };
const stories = {
  ...deployStories(desk),
  ...operateStories(desk),
  ...watchStories(desk),
  ...lookStories(desk),
  async 'nothing broke'() {
    if (mishaps.length > 0) throw new Error(mishaps.join('; '));
  },
};

for (const [story, play] of Object.entries(stories)) {
  const error = await play().then(() => null, (reason) => String(reason).split('\n').slice(0, 3).join(' '));
  await page.screenshot({ path: path.join(folder, `console-${story.replaceAll(' ', '-')}.png`) });
  process.stdout.write(`${JSON.stringify({ story, error })}\n`);
}
await browser.close();
