// What the stories of the console share.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { io } from 'socket.io-client';

export { must } from '../page/kit.mjs';

export const part = (page, name) => page.getByRole('navigation', { name: 'Parts of the bot' }).getByRole('link', { name });
export const sheet = (page) => page.getByRole('dialog');
export const row = (page, version) => page.getByRole('table', { name: /^Versions of/ }).getByRole('row').filter({ has: page.getByRole('rowheader', { name: new RegExp(`v?${version}\\b`) }) });

/** Goes somewhere in the console, signed in as the tab is. */
export async function open({ page, address }, place = '') {
  await page.goto(`${address}/console${place}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
}

/** Chooses a file: a path, or a name with its bytes. */
export async function choose({ page }, file, button = 'Deploy a bot') {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: button }).click()]);
  await chooser.setFiles(file);
  await page.getByLabel('Name of the bot').waitFor();
}

/** Chooses a file, names the bot, and waits until the server took it. */
export async function deploy(desk, file, name, { isStaged = false } = {}) {
  const { page } = desk;
  await choose(desk, file);
  await page.getByLabel('Name of the bot').fill(name);
  if (isStaged) await page.getByLabel('Only store it').check();
  await page.getByRole('button', { name: isStaged ? 'Store' : 'Deploy', exact: true }).click();
  await sheet(page).getByRole('link', { name: 'See the bot' }).waitFor();
}

export async function close({ page }) {
  await page.keyboard.press('Escape');
  await sheet(page).waitFor({ state: 'detached' });
}

/** The admin API without the page. */
export async function ask({ address, token }, method, place, body) {
  const response = await fetch(`${address}/api/${place}`, { method, body, headers: { authorization: `Bearer ${token}` } });
  return response.status === 204 ? null : response.json();
}

/** Uploads one of the built bots without the page. */
export function upload(desk, name, file) {
  return ask(desk, 'PUT', `bots/${name}`, readFileSync(path.join(desk.bots, `${file}.wasm`)));
}

/** Somebody who chats with a bot in another tab. */
export async function visitor({ address }, bot) {
  const auth = { clientType: 'webapp', sessionId: randomUUID(), threadId: '', userEnv: '{}', chatProfile: bot };
  const socket = io(address, { path: '/ws/socket.io', auth, transports: ['websocket'] });
  const events = [];
  const watchers = new Set();
  socket.onAny((event, ...args) => {
    events.push({ event, args });
    for (const watcher of watchers) watcher();
  });
  const until = (what, probe) => new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`never: ${what}`)), 15_000);
    const look = () => {
      const found = probe(events);
      if (!found) return;
      clearTimeout(timer);
      watchers.delete(look);
      resolve(found);
    };
    watchers.add(look);
    look();
  });
  await new Promise((resolve, reject) => {
    socket.on('connect', resolve);
    socket.on('connect_error', reject);
  });
  socket.emit('connection_successful');
  const say = (output) => {
    const message = { threadId: '', id: randomUUID(), name: 'User', type: 'user_message', output, createdAt: new Date().toISOString(), metadata: {} };
    socket.emit('client_message', { message, fileReferences: [] });
  };
  const count = (event) => events.filter((one) => one.event === event).length;
  /** Sends a message and waits until the bot is done. */
  const turn = async (words) => {
    const before = count('task_end');
    say(words);
    await until('the end of a turn', () => count('task_end') > before);
  };
  return { events, until, say, turn, leave: () => socket.close() };
}
