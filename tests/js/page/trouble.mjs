// Connections break, pages are reloaded, versions change, windows are small; nothing is lost.
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { must, Person, tokens } from './kit.mjs';

const bots = process.env.CHINWAG_BOTS ?? path.resolve(import.meta.dirname, '../../../target/bots');

/** The bot as another build would make it: the same code, with a section of its own at the end. */
function otherBuild(name) {
  const note = Buffer.from(`\u0004note${Date.now()}`);
  return Buffer.concat([readFileSync(path.join(bots, `${name}.wasm`)), Buffer.from([0, note.length]), note]);
}

export const trouble = (stage) => {
  const count = async () => Number(/"counter": (\d+)/.exec(await stage.tab.text(await stage.tab.ask('session', 'counter')))?.[1]);
  // The page may be back by itself already.
  const tryNow = () => stage.tab.button('Try now').click({ timeout: 2000 }).catch(() => {});
  return {
    async reload() {
      const { tab } = stage;
      await tab.ask('hello', 'Hello from the bot');
      const [before, messages] = [await count(), await tab.answers.count()];
      await tab.input.fill('half a thought');
      await tab.page.reload();
      await tab.answers.nth(messages - 1).waitFor();
      must((await tab.input.inputValue()) === 'half a thought', 'what was typed is gone');
      must((await tab.answers.count()) === messages, `there were ${messages} answers, now ${await tab.answers.count()}`);
      must((await count()) === before + 1, 'the session was lost');
    },
    async reconnect() {
      const { tab } = stage;
      const before = await count();
      const answer = await tab.say('stream 20');
      await answer.filter({ hasText: 'tok2' }).waitFor();
      await tab.input.fill('typed meanwhile');
      await tab.cut();
      await answer.filter({ hasText: 'tok19' }).waitFor();
      must((await tab.text(answer)).includes(tokens(20)), `a token is missing: ${await tab.text(answer)}`);
      must((await tab.input.inputValue()) === 'typed meanwhile', 'what was typed is gone');
      await tab.banner.waitFor({ state: 'detached' });
      must((await count()) === before + 2, 'the session was lost');
    },
    async offline() {
      const { tab } = stage;
      const answer = await tab.say('stream 30');
      await answer.filter({ hasText: 'tok2' }).waitFor();
      tab.isOffline = true;
      await tab.cut();
      await tab.banner.waitFor();
      const seen = await tab.text(answer);
      must(seen.includes('tok2'), 'what was streamed is gone');
      tab.isOffline = false;
      await tryNow();
      await tab.banner.waitFor({ state: 'detached' });
      await answer.filter({ hasText: 'tok29' }).waitFor();
      must((await tab.text(answer)).includes(tokens(30)), 'a token is missing');
      await tab.idle();
    },
    async 'said while offline'() {
      const { tab } = stage;
      tab.isOffline = true;
      await tab.cut();
      await tab.banner.waitFor();
      const answer = await tab.say('greetings from afar');
      await tab.own.last().getByText('Will be sent').waitFor();
      tab.isOffline = false;
      await tryNow();
      await answer.filter({ hasText: 'You said: greetings from afar' }).waitFor();
      must((await tab.answers.filter({ hasText: 'greetings from afar' }).count()) === 1, 'it was sent twice');
      must((await tab.page.getByText('has the id of another one').count()) === 0, 'it was sent twice');
    },
    async 'version swap'() {
      const { tab } = stage;
      const version = () => tab.page.getByTestId('version').last().textContent();
      await tab.ask('hello', 'Hello from the bot');
      const before = Number(/version (\d+)/.exec(await version())[1]);
      const answer = await tab.say('stream 20');
      await answer.filter({ hasText: 'tok2' }).waitFor();
      const deployed = await fetch(`${process.env.CHINWAG_ADMIN_URL ?? stage.address}/api/bots/showcase`, {
        method: 'PUT', body: otherBuild('showcase'), headers: { authorization: `Bearer ${process.env.CHINWAG_ADMIN_TOKEN}` },
      });
      must(deployed.ok, `the deploy failed: ${deployed.status} ${await deployed.text()}`);
      must(!(await answer.innerText()).includes('tok19'), 'the stream was over before the deploy was');
      await answer.filter({ hasText: 'tok19' }).waitFor();
      must((await tab.text(answer)).includes(tokens(20)), `a token is missing: ${await tab.text(answer)}`);
      await tab.idle();
      must((await version()).includes(`version ${before}`), 'the running answer changed its version');
      await tab.ask('hello', 'Hello from the bot');
      must((await version()).includes(`version ${before + 1}`), `the next answer is of ${await version()}`);
    },
    async 'another bot'() {
      const { tab } = stage;
      await tab.page.getByRole('button', { name: 'Bot: Showcase' }).click();
      await tab.page.getByRole('button', { name: 'Voice' }).click();
      const sure = tab.page.getByRole('dialog', { name: 'Start a new chat?' });
      await sure.getByRole('button', { name: 'New chat' }).click();
      await tab.page.getByRole('heading', { name: 'Voice', level: 2 }).waitFor();
      await tab.page.getByRole('button', { name: 'Bot: Voice' }).click();
      await tab.accessible();
      await tab.page.getByRole('button', { name: 'Showcase' }).click();
      await tab.page.getByRole('heading', { name: 'Showcase', level: 2 }).waitFor();
    },
    async dark() {
      const { tab } = stage;
      await tab.button('Menu').click();
      await tab.page.getByRole('menuitemradio', { name: 'Dark' }).click();
      await tab.page.keyboard.press('Escape');
      await tab.accessible();
      await tab.ask('steps', 'All steps finished');
      await tab.ask('actions', 'Pick an action');
      await tab.say('error');
      await tab.page.getByRole('alert').last().waitFor();
      await tab.accessible();
    },
    async phone() {
      const phone = new Person(stage.browser, stage.address, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme: 'light' });
      const wide = stage.tab;
      stage.tab = await phone.tab();
      await stage.tab.input.waitFor();
      await stage.tab.accessible();
      await stage.tab.ask('elements', 'Inline elements');
      await stage.tab.say('side');
      await stage.tab.page.getByRole('dialog', { name: 'sidetext' }).getByText('I am in the side panel').waitFor();
      await stage.tab.button('Close the panel').click();
      const isTooWide = await stage.tab.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
      must(!isTooWide, 'the page scrolls sideways');
      await stage.tab.accessible();
      await stage.tab.page.screenshot({ path: path.join(process.argv[3], 'phone.png') });
      await phone.leave();
      stage.guest.mishaps.push(...phone.mishaps);
      stage.tab = wide;
    },
  };
};
