// What runs on a careless page, in every place of the console.
import { readFileSync } from 'node:fs';
import { evil, Reader } from '../page/guard.mjs';
import { choose, close, open, part, row, sheet } from './desk.mjs';

export function consoleScripts(stage) {
  const reader = new Reader(stage);
  const desk = { get page() { return stage.tab.page; }, address: stage.address };
  const shown = (place) => desk.page.getByText(evil(place)).first().waitFor();
  const search = () => stage.guard.search(desk.page);
  return {
    async 'what there is to see'() {
      await reader.begin();
      await reader.show('log');
      await stage.tab.say(`fail ${evil('crash')}`);
      await stage.tab.page.getByRole('alert').filter({ hasText: '[crash]' }).waitFor();
      await stage.tab.idle();
    },
    async 'sign in'() {
      await desk.page.goto(`${stage.address}/console`);
      await desk.page.getByLabel('Admin token').fill(process.env.CHINWAG_ADMIN_TOKEN);
      await desk.page.getByRole('button', { name: 'Sign in' }).click();
      await desk.page.getByRole('heading', { name: 'Bots', exact: true }).waitFor();
      await shown('display-name');
      await search();
    },
    async bot() {
      await open(desk, '/bots/rogue');
      await shown('display-name');
      await search();
      await row(desk.page, 1).getByRole('button', { name: /what it imports/ }).click();
      await sheet(desk.page).getByText('chinwag:bot/emitter').first().waitFor();
      await search();
      await close(desk);
    },
    async log() {
      await part(desk.page, 'Log').click();
      await desk.page.getByText('Following.').waitFor();
      await shown('log');
      await shown('print');
      // What a failed turn says of itself is in the log too.
      await shown('crash');
      await desk.page.getByLabel('Search the log').fill(evil('log'));
      await shown('log');
      await search();
    },
    async sessions() {
      await desk.page.getByRole('link', { name: 'Sessions' }).click();
      await shown('user');
      await desk.page.getByLabel('Filter sessions').fill(evil('user'));
      await shown('user');
      await search();
    },
    async refusal() {
      await open(desk);
      const file = { name: `${evil('file')}.wasm`, mimeType: 'application/wasm', buffer: readFileSync(process.env.CHINWAG_REFUSED) };
      await choose(desk, file);
      await search();
      await desk.page.getByLabel('Name of the bot').fill('refused');
      await desk.page.getByRole('button', { name: 'Deploy', exact: true }).click();
      await sheet(desk.page).getByRole('alert').filter({ hasText: '[import]' }).waitFor();
      await search();
      await close(desk);
    },
  };
}
