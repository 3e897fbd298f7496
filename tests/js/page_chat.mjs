// Somebody uses Chinwag's own page in a headless Chromium and talks to the bot `showcase`.
//
//   CHINWAG_ADMIN_TOKEN=… node page_chat.mjs ADDRESS FOLDER ACT
//
// The act is `chats`, `around` or `trouble`, or `members` for a server where `admin` signs in with the password `admin` and may
// share conversations. CHINWAG_BOTS is the folder with showcase.wasm. STORIES=a,b plays only those. Prints a line of JSON for
// each story, {"story": …, "error": null or why it failed}, and leaves a screenshot of each in FOLDER/page.
import path from 'node:path';
import { around } from './page/around.mjs';
import { chats } from './page/chats.mjs';
import { launch, must, Person, play } from './page/kit.mjs';
import { members } from './page/members.mjs';
import { trouble } from './page/trouble.mjs';

const [address, folder, act] = process.argv.slice(2);
const acts = { chats, around, trouble, members };
const browser = await launch();
const stage = { browser, address, tab: null, guest: new Person(browser, address), member: null };
const beginning = {
  async open() {
    stage.tab = await stage.guest.tab();
    await stage.tab.input.waitFor();
  },
};

await play({
  ...(act === 'members' ? {} : beginning),
  ...acts[act](stage),
  async 'nothing broke'() {
    const mishaps = [...stage.guest.mishaps, ...(stage.member?.mishaps ?? [])];
    must(mishaps.length === 0, mishaps.join('; '));
  },
}, path.join(folder, 'page'), () => stage.tab);
await browser.close();
