// The operator signs in and deploys.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { choose, close, deploy, must, open, row, sheet, visitor } from './desk.mjs';

export function deployStories(desk) {
  const { page, address, bots, token } = desk;
  const wasm = (name) => path.join(bots, `${name}.wasm`);
  return {
    async 'sign in'() {
      await page.goto(`${address}/console`);
      await page.getByText('admin-token').first().waitFor();
      await page.getByLabel('Admin token').fill('not-the-token');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').filter({ hasText: 'wrong-token' }).waitFor();
      await page.getByLabel('Admin token').fill(token);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Bots', exact: true }).waitFor();
      await page.getByText('No bot is deployed yet').waitFor();
      must((await page.evaluate(() => localStorage.length)) === 0, 'the token outlives the tab');
    },
    async deploy() {
      await choose(desk, wasm('echo'));
      must((await page.getByLabel('Name of the bot').inputValue()) === 'echo', 'the file does not name the bot');
      await page.getByRole('button', { name: 'Deploy', exact: true }).click();
      await sheet(page).getByRole('heading', { name: 'Version 1 answers' }).waitFor();
      await sheet(page).getByRole('region', { name: 'What it asks for and offers' }).waitFor();
      await sheet(page).getByRole('link', { name: 'See the bot' }).click();
      await row(page, 1).getByText('active').waitFor();
    },
    async stages() {
      // Seen as they pass: they are fast.
      await choose(desk, wasm('showcase'));
      const seen = page.evaluate(() => new Promise((resolve) => {
        const words = new Set();
        const look = () => {
          for (const item of document.querySelectorAll('[aria-current="step"]')) words.add(item.innerText.split(/[\n:]/)[0].trim());
          if (document.body.innerText.includes('See the bot')) resolve([...words]);
        };
        new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
      }));
      await page.getByRole('button', { name: 'Deploy', exact: true }).click();
      await sheet(page).getByRole('link', { name: 'See the bot' }).waitFor();
      const stages = await seen;
      must(stages.includes('Compile') || stages.includes('Rehearsal'), `no stage was shown: ${stages.join(', ')}`);
      await close(desk);
    },
    async drop() {
      await open(desk);
      const bytes = readFileSync(wasm('stream')).toString('base64');
      const transfer = await page.evaluateHandle(([data, name]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name));
        return transfer;
      }, [bytes, 'My Stream_Bot.wasm']);
      await page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer });
      await page.getByText('Drop the component to deploy it').waitFor();
      await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
      const name = page.getByLabel('Name of the bot');
      await name.waitFor();
      must((await name.inputValue()) === 'my-stream-bot', `the file names the bot ${await name.inputValue()}`);
      await name.fill('Bad!');
      await page.getByText('A name begins with a small letter').waitFor();
      must(await page.getByRole('button', { name: 'Deploy', exact: true }).isDisabled(), 'a bad name is taken');
      await name.fill('stream');
      await page.getByRole('button', { name: 'Deploy', exact: true }).click();
      await sheet(page).getByRole('heading', { name: 'Version 1 answers' }).waitFor();
      await close(desk);
      for (const bot of ['echo', 'Showcase', 'Stream']) await page.getByRole('listitem').getByRole('link', { name: bot, exact: true }).waitFor();
    },
    async refusal() {
      await choose(desk, { name: 'noise.wasm', mimeType: 'application/wasm', buffer: Buffer.from('this is no component at all') });
      await page.getByRole('button', { name: 'Deploy', exact: true }).click();
      const alert = sheet(page).getByRole('alert');
      await alert.filter({ hasText: 'not-wasm' }).waitFor();
      await alert.filter({ hasText: 'This is not WebAssembly' }).waitFor();
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByLabel('Name of the bot').waitFor();
      await close(desk);
      must((await page.getByRole('link', { name: 'noise' }).count()) === 0, 'a refused bot is listed');
    },
    async difference() {
      await deploy(desk, wasm('counter'), 'echo');
      const changed = sheet(page).getByRole('region', { name: 'What changed since version 1' });
      await changed.getByText('chinwag:bot/session').first().waitFor();
      await sheet(page).getByRole('region', { name: 'Swap' }).getByText('From version 1 to version 2').waitFor();
      await close(desk);
    },
    async stage() {
      await deploy(desk, path.join(bots, 'tests', 'versioned.wasm'), 'echo', { isStaged: true });
      await sheet(page).getByRole('heading', { name: 'Version 3 is stored' }).waitFor();
      await sheet(page).getByRole('link', { name: 'See the bot' }).click();
      await row(page, 2).getByText('active').waitFor();
      await page.getByRole('button', { name: 'Activate version 3' }).click();
      await row(page, 3).getByText('active').waitFor();
      const chat = await visitor(desk, 'echo');
      await chat.turn('hello');
      await chat.until('an answer of the new version', (events) => JSON.stringify(events).includes('v1:hello'));
      chat.leave();
    },
    async 'roll back'() {
      await page.getByRole('button', { name: 'Roll back' }).click();
      await row(page, 2).getByText('active').waitFor();
      await page.getByRole('region', { name: 'Swaps' }).getByText('From version 3 to version 2').waitFor();
    },
  };
}
