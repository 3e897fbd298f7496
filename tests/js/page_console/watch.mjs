// The operator watches: log, charts, sessions, the server, and a swap under somebody's eyes.
import path from 'node:path';
import { deploy, must, open, part, row, sheet, visitor } from './desk.mjs';

export function watchStories(desk) {
  const { page, address, bots } = desk;
  return {
    async log() {
      await deploy(desk, path.join(bots, 'tests', 'crasher.wasm'), 'crasher');
      await sheet(page).getByRole('link', { name: 'See the bot' }).click();
      await part(page, 'Log').click();
      const lines = page.getByRole('log', { name: 'Log of crasher' });
      await page.getByText('Following.').waitFor();
      const chat = await visitor(desk, 'crasher');
      await chat.turn('panic');
      await lines.getByText('this must not happen').first().waitFor();
      await lines.getByRole('button', { name: /Lines of turn/ }).first().waitFor();
      await page.getByLabel('Search the log').fill('nothing like this');
      await lines.getByText('this must not happen').first().waitFor({ state: 'detached' });
      await page.getByLabel('Search the log').fill('MUST NOT');
      await lines.getByText('this must not happen').first().waitFor();
      await page.getByLabel('Search the log').fill('');
      const before = await lines.getByText('this must not happen').count();
      await page.getByRole('button', { name: 'Pause' }).click();
      await chat.turn('panic');
      await page.getByText(/Paused; [1-9]/).waitFor();
      must((await lines.getByText('this must not happen').count()) === before, 'a paused log goes on');
      await page.getByRole('button', { name: 'Follow' }).click();
      await page.waitForFunction((n) => document.querySelector('[role=log]').innerText.split('this must not happen').length - 1 > n, before);
      chat.leave();
    },
    async charts() {
      await open(desk, '/bots/showcase/activity');
      const chat = await visitor(desk, 'showcase');
      const talking = (async () => {
        for (let n = 0; n < 40; n += 1) {
          await chat.turn('hello');
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
      })();
      for (const [title, line] of [['Turns a second', 'v1'], ['Duration of turns', 'v1 p95'], ['Memory of a turn', 'v1'], ['Emits a second', 'v1']]) {
        const table = page.getByRole('table', { name: `${title}: current values` });
        const cell = table.getByRole('row').filter({ has: page.getByRole('rowheader', { name: line, exact: true }) }).getByRole('cell').last();
        await cell.filter({ hasText: /[1-9]/ }).waitFor();
      }
      await talking;
      chat.leave();
    },
    async sessions() {
      const chat = await visitor(desk, 'stream');
      await page.getByRole('link', { name: 'Sessions' }).click();
      const table = page.getByRole('table', { name: 'Live sessions' });
      await table.getByRole('link', { name: 'stream' }).first().waitFor();
      await page.getByLabel('Filter sessions').fill('no session is like this');
      await page.getByText('No such session').waitFor();
      await page.getByLabel('Filter sessions').fill('stream');
      await page.getByLabel('Which sessions').selectOption('connected');
      await table.getByRole('link', { name: 'stream' }).first().waitFor();
      must((await table.getByRole('link', { name: 'crasher' }).count()) === 0, 'the filter lets others through');
      chat.leave();
    },
    async server() {
      await page.getByRole('link', { name: 'Server', exact: true }).click();
      await page.getByText('kept in SQLite').waitFor();
      await page.getByRole('table', { name: 'Resident memory: current values' }).getByRole('cell', { name: /MiB|KiB|GiB/ }).first().waitFor();
      const metrics = await page.request.get(new URL(await page.getByRole('link', { name: '/metrics' }).getAttribute('href'), address).href);
      must((await metrics.text()).includes('chinwag_'), 'there are no metrics');
    },
    async swap() {
      // A second version, staged, so that the swap itself is one click.
      await open(desk);
      await deploy(desk, path.join(bots, 'counter.wasm'), 'showcase', { isStaged: true });
      await sheet(page).getByRole('link', { name: 'See the bot' }).click();
      const chat = await visitor(desk, 'showcase');
      await chat.until('the greeting', (events) => events.some(({ event }) => event === 'task_end'));
      const activate = page.getByRole('button', { name: 'Activate version 2' });
      await activate.waitFor();
      const done = chat.events.filter(({ event }) => event === 'task_end').length;
      chat.say('stream 30');
      await chat.until('a few tokens', (events) => tokens(events).length > 3);
      await activate.click();
      await row(page, 2).getByText('active').waitFor();
      must(chat.events.filter(({ event }) => event === 'task_end').length === done, 'the answer was over before the swap');
      await chat.until('the end of the answer', (events) => events.filter(({ event }) => event === 'task_end').length > done);
      const whole = Array.from({ length: 30 }, (_, n) => `tok${n}`).join(' ');
      const told = finalOutput(chat.events);
      must(told === whole, `a token is missing: ${told}`);
      const streamed = tokens(chat.events).join('').trim();
      must(whole.endsWith(streamed) && streamed.includes('tok29'), `the stream was ${streamed}`);
      const report = page.getByRole('region', { name: 'Swaps' }).getByRole('listitem').filter({ hasText: 'From version 1 to version 2' });
      await report.filter({ hasText: 'with 1 turn under way on version 1' }).waitFor();
      await report.filter({ hasText: 'Version 1 retired after' }).waitFor();
      // The next message is the new version's.
      await chat.turn('hello');
      must(!JSON.stringify(chat.events.slice(-6)).includes('Hello from the bot'), 'the old version still answers');
      chat.leave();
    },
  };
}

const tokens = (events) => events.filter(({ event }) => event === 'stream_token').map(({ args }) => args[0].token);

/** The text of the streamed message as the server told it in the end. */
function finalOutput(events) {
  const outputs = events.filter(({ event }) => ['new_message', 'update_message'].includes(event)).map(({ args }) => args[0].output);
  return outputs.filter((output) => output?.includes('tok29')).at(-1)?.trim();
}
