// Limits, grants, consent, removal.
import { ask, close, must, open, part, row, sheet, upload } from './desk.mjs';

export function operateStories(desk) {
  const { page } = desk;
  return {
    async limits() {
      await open(desk, '/bots/echo');
      await part(page, 'Limits').click();
      await page.getByText('Default: 128 MiB').first().waitFor();
      await page.getByLabel('Memory of a turn', { exact: true }).fill('64');
      await page.getByLabel('Computing time of a turn', { exact: true }).fill('750');
      await page.getByLabel('Unit of Computing time of a turn').selectOption('ms');
      await page.getByLabel('Emits of a turn', { exact: true }).fill('none');
      must(await page.getByRole('button', { name: 'Save limits' }).isDisabled(), 'a limit is no number');
      await page.getByLabel('Emits of a turn', { exact: true }).fill('1000');
      await page.getByRole('button', { name: 'Save limits' }).click();
      await page.getByText('The next turns have these limits.').waitFor();
      const { limits_set: set } = await ask(desk, 'GET', 'bots/echo');
      must(set.memory === '64 MiB' && set.emits === 1000 && set.cpu === '750ms', `the server has ${JSON.stringify(set)}`);
      await page.reload();
      const memory = page.getByLabel('Memory of a turn', { exact: true });
      await memory.waitFor();
      must((await memory.inputValue()) === '64', 'the page forgot a limit');
      await page.getByRole('button', { name: 'Default for Memory of a turn' }).click();
      must((await memory.inputValue()) === '', 'the limit is not taken back');
      await page.getByRole('button', { name: 'Reset all' }).click();
      await page.getByText('All limits are the server’s again.').waitFor();
      const after = await ask(desk, 'GET', 'bots/echo');
      must(Object.keys(after.limits_set).length === 0, `the server has ${JSON.stringify(after.limits_set)}`);
    },
    async grants() {
      await open(desk, '/bots/echo/grants');
      const interfaces = page.getByLabel('Interfaces', { exact: true });
      const granted = page.getByRole('list', { name: 'Interfaces granted' });
      await interfaces.fill('chinwag:bot/everything');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Save grants' }).click();
      await page.getByText('is nothing that can be granted').waitFor();
      await page.getByRole('button', { name: 'Take chinwag:bot/everything away' }).click();
      await interfaces.fill('chinwag:bot/history');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Save grants' }).click();
      await page.getByText('The grants are saved.').waitFor();
      await page.reload();
      await granted.getByText('chinwag:bot/history').waitFor();
      await page.getByRole('button', { name: 'Take chinwag:bot/history away' }).click();
      await page.getByRole('button', { name: 'Save grants' }).click();
      await page.getByText('The grants are saved.').waitFor();
      const { grants } = await ask(desk, 'GET', 'bots/echo');
      must(grants.imports.length === 0, `the server grants ${JSON.stringify(grants)}`);
    },
    async consent() {
      // A version that reads words and files of users, as the ones before it did not.
      const before = await ask(desk, 'GET', 'bots/echo');
      const { version } = await upload(desk, 'echo', 'showcase');
      const held = await ask(desk, 'GET', 'bots/echo');
      must(held.active === before.active, `version ${held.active} is active without consent`);
      await open(desk, '/bots/echo');
      await row(page, version).getByText('held').waitFor();
      await page.getByRole('button', { name: `Consent to version ${version}` }).click();
      for (const need of ['chinwag:bot/files', 'chinwag:bot/history']) await sheet(page).getByText(need).waitFor();
      await page.getByRole('button', { name: 'Allow and activate' }).click();
      await row(page, version).getByText('active').waitFor();
      const { active, grants } = await ask(desk, 'GET', 'bots/echo');
      must(active === version && grants.imports.length === 2, `version ${active} with ${JSON.stringify(grants)}`);
    },
    async remove() {
      await open(desk, '/bots/echo');
      await page.getByRole('button', { name: 'Remove…' }).click();
      const confirm = page.getByRole('button', { name: 'Remove for ever' });
      must(await confirm.isDisabled(), 'it can be removed by a slip');
      await page.getByLabel('Type echo to confirm').fill('ech');
      must(await confirm.isDisabled(), 'half a name is enough');
      await close(desk);
      await page.getByRole('button', { name: 'Remove…' }).click();
      await page.getByLabel('Type echo to confirm').fill('echo');
      await confirm.click();
      await page.getByRole('heading', { name: 'Bots', exact: true }).waitFor();
      await page.getByRole('listitem').getByRole('link', { name: 'echo', exact: true }).waitFor({ state: 'detached' });
    },
  };
}
