// A bot and a user say what runs as a script on a careless page. Somebody reads it on Chinwag's own pages in a headless Chromium:
// the chat, signed in, and the operator's console.
//
//   CHINWAG_ADMIN_TOKEN=… node page_scripts.mjs ADDRESS FOLDER ACT POLICY
//
// ACT is `words`, `things` or `console`; POLICY is `with`, or `without` for a browser that ignores the pages' Content-Security-Policy: escaping must be enough. The server
// believes the header `x-forwarded-user`, shares conversations, and has the bots `rogue` and `echo`. CHINWAG_REFUSED is a component
// that the server refuses with a text of its making. STORIES=a,b plays only those. Prints a line of JSON for each story, {"story": …,
// "error": null or why it failed}, and leaves a screenshot of each in FOLDER/scripts-ACT-POLICY.
import path from 'node:path';
import { launch, Person, play } from './page/kit.mjs';
import { evil, Guard } from './page/guard.mjs';
import { words } from './page/scripts.mjs';
import { things } from './page/scripts_things.mjs';
import { consoleScripts } from './page_console/scripts.mjs';

const [address, folder, act, policy] = process.argv.slice(2);
const acts = { words, things, console: consoleScripts };
const browser = await launch();
const options = { bypassCSP: policy === 'without', extraHTTPHeaders: { 'x-forwarded-user': evil('user') } };
const guard = new Guard();
const stage = { browser, address, guard, options, tab: null, guest: new Person(browser, address, options) };

await play({
  ...acts[act](stage),
  async 'nothing broke'() {
    guard.saw([...stage.guest.mishaps]);
    guard.check();
  },
}, path.join(folder, `scripts-${act}-${policy}`), () => stage.tab);
await browser.close();
