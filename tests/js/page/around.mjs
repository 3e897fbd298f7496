// Elements, and what stands around the messages.
import { must, Person } from './kit.mjs';

export const around = (stage) => {
  const attached = () => stage.tab.page.getByRole('list', { name: 'Attached files' }).getByRole('listitem');
  const file = (name, text) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
  return {
    async image() {
      await stage.tab.ask('image', 'Here is an image');
      await stage.tab.until('the picture is loaded', () => {
        const picture = [...document.querySelectorAll('article img')].filter((it) => it.src.includes('/project/file/')).pop();
        return picture?.complete && picture.naturalWidth > 0;
      });
    },
    async elements() {
      const { tab } = stage;
      const answer = await tab.ask('elements', 'Inline elements');
      await answer.getByText('data.csv').first().waitFor();
      await answer.locator('audio').waitFor({ state: 'attached' });
      await answer.locator('table').filter({ hasText: 'x' }).waitFor();
      await answer.locator('.js-plotly-plot, canvas, svg.main-svg').first().waitFor();
      await answer.getByText('Count: 1').waitFor();
    },
    async 'custom element'() {
      const { tab } = stage;
      const answer = await tab.ask('custom', 'A custom element');
      await answer.getByRole('button', { name: 'Inc' }).click();
      await answer.getByText('Count: 2').waitFor();
      await answer.getByRole('button', { name: 'Act' }).click();
      await tab.answers.filter({ hasText: 'action ping got {"from": "custom"}' }).waitFor();
    },
    async side() {
      const { tab } = stage;
      const answer = await tab.ask('side', 'See sidetext');
      const panel = tab.page.getByRole('complementary', { name: 'sidetext' });
      await panel.getByText('I am in the side panel').waitFor();
      await tab.page.keyboard.press('Escape');
      await panel.waitFor({ state: 'detached' });
      await answer.getByText('sidetext', { exact: true }).click();
      await panel.getByText('I am in the side panel').waitFor();
      await tab.button('Close the panel').click();
    },
    async page() {
      const { tab } = stage;
      const answer = await tab.ask('page', 'See pagetext');
      await answer.getByText('pagetext', { exact: true }).click();
      await tab.page.waitForURL(/\/element\//);
      await tab.page.getByText('I am on a page').waitFor();
      await tab.button('Back to the conversation').click();
      await tab.answers.filter({ hasText: 'See pagetext' }).waitFor();
    },
    async sidebar() {
      const { tab } = stage;
      const panel = tab.page.getByRole('complementary', { name: 'My side' });
      await tab.ask('sidebar', 'sidebar set');
      await panel.getByText('sidebar body').waitFor();
      await tab.ask('sidebarclose', 'sidebar closed');
      await panel.waitFor({ state: 'detached' });
    },
    async 'task list'() {
      const { tab } = stage;
      await tab.ask('tasklist', 'task one done');
      await tab.page.getByText('Step two').waitFor();
      await tab.ask('tasklist remove', 'task one done');
      await tab.page.getByText('Step two').waitFor({ state: 'detached' });
    },
    async toast() {
      const { tab } = stage;
      const toasts = ['info', 'success', 'warning', 'error'].map((kind) => tab.glimpse(`toast ${kind}`));
      await tab.say('toast');
      await Promise.all(toasts);
      await tab.answers.filter({ hasText: 'toasts sent' }).last().waitFor();
    },
    async tokens() {
      await stage.tab.ask('tokens', 'tokens sent');
      await stage.tab.page.getByText(/\d+ tokens used/).waitFor();
    },
    async 'window messages'() {
      const { tab } = stage;
      const heard = tab.page.evaluate(() => new Promise((resolve) => {
        window.addEventListener('message', ({ data }) => data?.hello && resolve(data.hello));
      }));
      await tab.say('window');
      must((await heard) === 'host', 'the page around heard nothing');
      await tab.idle();
      await tab.page.evaluate(() => window.postMessage({ from: 'outside' }, '*'));
      await tab.answers.filter({ hasText: 'window said {"from": "outside"}' }).waitFor();
    },
    async commands() {
      const { tab } = stage;
      await tab.ask('commands', 'commands set');
      await tab.input.fill('/pic');
      await tab.page.getByRole('option', { name: /Picture/ }).waitFor();
      await tab.input.press('Enter');
      await tab.ask('echo', '"command": "Picture"');
      must(await tab.button('Do not use Picture').isHidden(), 'a passing command stays');
      await tab.button('Search').click();
      await tab.ask('echo', '"command": "Search"');
      must((await tab.button('Search').getAttribute('aria-pressed')) === 'true', 'a lasting command goes');
      await tab.button('Search').click();
    },
    async modes() {
      const { tab } = stage;
      await tab.ask('modes', 'modes set');
      await tab.ask('echo', '"llm": "big"');
      await tab.button('Model: Big').click();
      await tab.page.getByRole('menuitemradio', { name: /Small/ }).click();
      await tab.ask('echo', '"llm": "small"');
    },
    async settings() {
      const { tab } = stage;
      await tab.ask('settings', 'settings sent');
      await tab.button('Chat settings').click();
      const dialog = tab.page.getByRole('dialog');
      await dialog.getByRole('textbox', { name: 'Text' }).first().fill('changed');
      await tab.accessible();
      await dialog.getByRole('button', { name: /save|confirm/i }).click();
      await tab.answers.filter({ hasText: 'settings_update' }).filter({ hasText: '"txt": "changed"' }).waitFor();
      await dialog.waitFor({ state: 'detached' });
    },
    async upload() {
      const { tab } = stage;
      const input = tab.page.getByTestId('file-input');
      await input.setInputFiles([file('one.txt', 'one'), file('two.txt', 'two')]);
      await attached().nth(1).waitFor();
      await tab.button('Remove two.txt').click();
      must((await attached().count()) === 1, 'a file cannot be removed');
      await tab.ask('file', 'Got files: one.txt (text/plain, 3 bytes');
      must((await attached().count()) === 0, 'what was sent is still there');
      await tab.own.last().getByText('one.txt').first().waitFor();
      const said = tab.glimpse('“nothing.txt” is empty');
      await input.setInputFiles(file('nothing.txt', ''));
      await said;
    },
    async 'drop and paste'() {
      const { tab } = stage;
      const give = (target, type, name) => tab.page.evaluate(([selector, kind, title]) => {
        const data = new DataTransfer();
        data.items.add(new File(['x'], title, { type: 'text/plain' }));
        const target = document.querySelector(selector);
        const init = { bubbles: true, cancelable: true };
        if (kind === 'paste') target.dispatchEvent(new ClipboardEvent('paste', { ...init, clipboardData: data }));
        else for (const step of ['dragenter', 'dragover', 'drop']) target.dispatchEvent(new DragEvent(step, { ...init, dataTransfer: data }));
      }, [target, type, name]);
      await give('#composer', 'paste', 'pasted.txt');
      await give('main', 'drop', 'dropped.txt');
      await attached().filter({ hasText: 'dropped.txt' }).waitFor();
      const answer = await tab.ask('file', 'pasted.txt');
      must((await tab.text(answer)).includes('dropped.txt'), 'what was dropped was not sent');
    },
    async voice() {
      const { tab } = stage;
      await tab.button('Talk').click();
      await tab.button('Stop the microphone').waitFor();
      await tab.page.getByRole('meter', { name: 'Microphone' }).waitFor();
      await tab.page.waitForTimeout(1500);
      await tab.button('Stop the microphone').click();
      const answer = tab.answers.filter({ hasText: 'audio ended chunks=' }).last();
      await answer.waitFor();
      must(/chunks=[1-9].*isStart=True mime=pcm16/.test(await tab.text(answer)), await tab.text(answer));
      await tab.button('Talk').waitFor();
    },
    async 'jump to latest'() {
      const { tab } = stage;
      const answer = await tab.ask('stream 3', 'tok2');
      await tab.page.mouse.move(600, 400);
      await tab.page.mouse.wheel(0, -3000);
      await tab.button('Jump to latest').waitFor();
      await tab.button('Jump to latest').click();
      await tab.button('Jump to latest').waitFor({ state: 'detached' });
      await tab.until('the end is in view', () => {
        const last = [...document.querySelectorAll('[data-step-type="assistant_message"]')].pop();
        return last.getBoundingClientRect().bottom < window.innerHeight;
      });
      await answer.waitFor();
    },
    async keyboard() {
      const { tab } = stage;
      await tab.page.locator('body').click({ position: { x: 5, y: 400 } });
      await tab.page.keyboard.press('?');
      await tab.page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
      await tab.page.keyboard.press('Escape');
      await tab.page.getByRole('dialog').waitFor({ state: 'detached' });
      await tab.input.blur();
      await tab.page.keyboard.press('/');
      must(await tab.page.evaluate(() => document.activeElement?.id === 'composer'), 'the composer has no focus');
      await tab.page.keyboard.type('one');
      await tab.page.keyboard.press('Shift+Enter');
      await tab.page.keyboard.type('two');
      must((await tab.input.inputValue()) === 'one\ntwo', 'there is no new line');
      await tab.input.fill('');
    },
    async 'keys of the user'() {
      const person = new Person(stage.browser, stage.address);
      const tab = await person.tab('/', { '/project/settings': { userEnv: ['API_KEY'] } });
      await tab.page.waitForURL(/\/env$/);
      await tab.page.getByLabel('API_KEY').fill('a secret');
      await tab.accessible();
      await tab.button('Save').click();
      await tab.ask('session', '"API_KEY": "a secret"');
      await person.leave();
    },
    async 'starter categories'() {
      const person = new Person(stage.browser, stage.address);
      const kinds = [
        { label: 'Greetings', icon: 'smile', starters: [{ label: 'Say hello', message: 'hello' }] },
        { label: 'Work', starters: [{ label: 'Take steps', message: 'steps' }] },
      ];
      const tab = await person.tab('/', { '/project/settings': { starterCategories: kinds } });
      await tab.button('Say hello').waitFor();
      await tab.button('Work').click();
      await tab.button('Take steps').click();
      await tab.answers.filter({ hasText: 'All steps finished' }).waitFor();
      await person.leave();
    },
    async 'new chat'() {
      const { tab } = stage;
      await tab.page.keyboard.press('Control+Shift+O');
      await tab.page.getByRole('dialog', { name: 'Start a new chat?' }).getByRole('button', { name: 'New chat' }).click();
      await tab.page.getByRole('heading', { name: 'Showcase', level: 2 }).waitFor();
      must((await tab.answers.count()) === 0, 'the old conversation is still there');
      await tab.ask('hello', 'Hello from the bot');
    },
  };
};
