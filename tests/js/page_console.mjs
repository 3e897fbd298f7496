// An operator uses the console in a headless Chromium, on a server that has no bots at first.
//
//   CHINWAG_ADMIN_TOKEN=… node page_console.mjs ADDRESS FOLDER BOTS_FOLDER
//
// Prints a line of JSON for each story, {"story": …, "error": null or why it failed}, and leaves a screenshot of each in FOLDER/console.
import path from 'node:path';
import { launch, patience, play } from './page/kit.mjs';
import { deployStories } from './page_console/deploy.mjs';
import { lookStories } from './page_console/look.mjs';
import { operateStories } from './page_console/operate.mjs';
import { watchStories } from './page_console/watch.mjs';

const [address, folder, bots] = process.argv.slice(2);
const token = process.env.CHINWAG_ADMIN_TOKEN;

const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
page.setDefaultTimeout(patience);

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

await play({
  ...deployStories(desk),
  ...operateStories(desk),
  ...watchStories(desk),
  ...lookStories(desk),
  async 'nothing broke'() {
    if (mishaps.length > 0) throw new Error(mishaps.join('; '));
  },
}, path.join(folder, 'console'), () => desk);
await browser.close();
