// Everyday chats: what a bot can show, and what people do with it.
import { must, tokens } from './kit.mjs';

export const chats = (stage) => {
  const step = (name) => stage.tab.page.locator(`[data-step-name="${name}"]`).last();
  return {
    async welcome() {
      const { page } = stage.tab;
      await page.getByRole('heading', { name: 'Showcase', level: 2 }).waitFor();
      await page.getByText('Shows everything that a bot can show').waitFor();
      await stage.tab.accessible();
    },
    async starter() {
      await stage.tab.button('Hello starter').click();
      await stage.tab.answers.filter({ hasText: 'Hello from the bot' }).waitFor();
      must((await stage.tab.own.count()) === 1, 'the user sees no message of their own');
    },
    async stream() {
      const { tab } = stage;
      const answer = await tab.say('stream 12');
      await answer.filter({ hasText: 'tok2' }).waitFor();
      must(!(await answer.innerText()).includes('tok11'), 'the answer came all at once');
      await answer.filter({ hasText: 'tok11' }).waitFor();
      must((await tab.text(answer)).includes(tokens(12)), `a token is missing: ${await tab.text(answer)}`);
      await tab.idle();
    },
    async 'replaced stream'() {
      await stage.tab.ask('streamseq', 'one two three done');
    },
    async steps() {
      const { tab } = stage;
      await tab.ask('steps', 'All steps finished');
      must(!(await step('inner_llm').isVisible()), 'steps are not folded');
      await step('outer_tool').getByRole('button').first().click();
      await step('inner_retrieval').waitFor();
      await step('inner_llm').getByRole('button').first().click();
      await step('inner_llm').getByText('thinking done').waitFor();
      await step('inner_llm').getByText('prompt text').waitFor();
      await tab.accessible();
    },
    async longstep() {
      const answer = await stage.tab.say('longstep');
      await step('long_tool').filter({ hasText: 'Using' }).waitFor();
      await answer.filter({ hasText: 'long step finished' }).waitFor();
      await step('long_tool').filter({ hasText: /Used.*1\.\d s/ }).waitFor();
    },
    async 'failed step'() {
      await stage.tab.say('steperror');
      await step('bad_tool').filter({ hasText: 'Failed' }).waitFor();
      await stage.tab.page.getByRole('alert').filter({ hasText: 'tool exploded' }).last().waitFor();
    },
    async status() {
      const { tab } = stage;
      const first = tab.glimpse('Looking around');
      await tab.say('status');
      await first;
      await tab.page.locator('[data-step-type="status"]').filter({ hasText: 'Looking closer' }).waitFor();
      await tab.answers.filter({ hasText: 'status shown' }).last().waitFor();
      must((await tab.page.locator('[data-step-type="status"]').count()) === 0, 'the status stays');
    },
    async error() {
      await stage.tab.say('error');
      await stage.tab.page.getByRole('alert').filter({ hasText: 'handler exploded' }).last().waitFor();
      await stage.tab.ask('hello', 'Hello from the bot');
    },
    async 'update and remove'() {
      const { tab } = stage;
      const before = tab.glimpse('before');
      await Promise.all([before, tab.ask('update', 'after')]);
      const shown = tab.glimpse('to be removed');
      await tab.say('remove');
      await shown;
      await tab.answers.filter({ hasText: 'to be removed' }).waitFor({ state: 'detached' });
      await tab.answers.last().filter({ hasText: 'removed' }).waitFor();
    },
    async code() {
      await stage.tab.ask('code', '"a": 1');
      await stage.tab.answers.last().locator('pre').filter({ hasText: "print('hi')" }).waitFor();
    },
    async actions() {
      const { tab } = stage;
      const answer = await tab.ask('actions', 'Pick an action');
      await answer.getByRole('button', { name: 'Ping me' }).click();
      await tab.answers.filter({ hasText: 'action ping got {"v": 1}' }).last().waitFor();
      const remove = answer.getByRole('button', { name: 'Remove me' });
      await remove.click();
      await remove.waitFor({ state: 'detached' });
    },
    async 'ask for a text'() {
      const { tab } = stage;
      await tab.ask('ask', 'What is your name?');
      await tab.page.getByRole('timer').waitFor();
      await tab.ask('Ann', 'Your name is Ann');
      await tab.page.getByRole('timer').waitFor({ state: 'detached' });
    },
    async 'ask for a choice'() {
      const { tab } = stage;
      await tab.ask('askaction', 'Choose!');
      must(await tab.input.isDisabled(), 'the question can be overlooked');
      await tab.accessible();
      await tab.button('Yes').click();
      await tab.answers.filter({ hasText: "You chose {'value': 'yes'}" }).last().waitFor();
    },
    async 'ask for files'() {
      const { tab } = stage;
      await tab.ask('askfile', 'Upload a text file');
      const panel = tab.page.locator('section').filter({ has: tab.page.getByRole('timer') });
      await panel.locator('input[type=file]').setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') });
      const send = panel.getByRole('button', { name: /send|done|answer/i });
      if (await send.count()) await send.first().click();
      await tab.answers.filter({ hasText: 'Uploaded: a.txt text/plain 5' }).last().waitFor();
    },
    async 'ask with a component'() {
      const { tab } = stage;
      await tab.say('askelement');
      await tab.page.getByRole('button', { name: 'Submit' }).click();
      await tab.answers.filter({ hasText: '"answer": 42' }).last().waitFor();
    },
    async 'ask in vain'() {
      await stage.tab.say('asktimeout');
      await stage.tab.answers.filter({ hasText: 'ask result None' }).last().waitFor();
      await stage.tab.page.getByRole('timer').waitFor({ state: 'detached' });
    },
    async 'function of the page'() {
      const { tab } = stage;
      await tab.page.evaluate(() => window.addEventListener('chainlit-call-fn', ({ detail }) => detail.callback({ got: detail.args }), { once: true }));
      await tab.ask('callfn', 'fn result {"got": {"a": 1}}');
    },
    async stop() {
      const { tab } = stage;
      const answer = await tab.say('slow');
      await answer.filter({ hasText: 's2' }).waitFor();
      await tab.button('Stop').click();
      await tab.page.getByText('Task manually stopped.').last().waitFor();
      await tab.idle();
      const then = await tab.text(answer);
      await tab.ask('hello', 'Hello from the bot');
      must((await tab.text(answer)) === then, 'the answer went on after it was stopped');
    },
    async edit() {
      const { tab } = stage;
      await tab.ask('before the edit', 'You said: before the edit');
      const mine = tab.own.last();
      await mine.hover();
      await mine.getByRole('button', { name: 'Edit the message' }).click();
      await mine.getByRole('textbox').fill('after the edit');
      await mine.getByRole('textbox').press('Enter');
      await tab.answers.filter({ hasText: 'You said: after the edit' }).waitFor();
      must((await tab.answers.filter({ hasText: 'before the edit' }).count()) === 0, 'the old answer is still there');
      await tab.idle();
    },
    async regenerate() {
      const { tab } = stage;
      const number = async () => /"counter": (\d+)/.exec(await tab.text(tab.answers.last()))?.[1];
      await tab.ask('session', 'counter');
      const before = await number();
      await tab.button('Answer again').last().click();
      await tab.until('another answer', (old) => {
        const found = [...document.querySelectorAll('[data-step-type="assistant_message"]')].pop()?.textContent ?? '';
        return /"counter": (\d+)/.exec(found)?.[1] > old;
      }, before);
      await tab.idle();
    },
    async copy() {
      const { tab, guest } = stage;
      await guest.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: stage.address });
      await tab.ask('hello', 'Hello from the bot');
      await tab.button('Copy the answer').last().click();
      await tab.button('Copied').waitFor();
      must((await tab.page.evaluate(() => navigator.clipboard.readText())) === 'Hello from the bot', 'something else is copied');
    },
    async feedback() {
      const { tab } = stage;
      await tab.button('Helpful').last().click();
      await tab.page.getByRole('textbox', { name: 'Comment' }).fill('well said');
      await tab.page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
      await tab.button('Take back: helpful').waitFor();
      await tab.button('Take back: helpful').click();
      await tab.button('Take back: helpful').waitFor({ state: 'detached' });
    },
    async version() {
      const label = stage.tab.page.getByTestId('version').last();
      await stage.tab.answers.last().hover();
      await stage.tab.until('the label is seen', () => {
        const all = [...document.querySelectorAll('[data-testid="version"]')];
        return all.length > 0 && getComputedStyle(all.pop()).opacity === '1';
      });
      must(/showcase · version \d+/.test(await label.innerText()), await label.innerText());
    },
  };
};
