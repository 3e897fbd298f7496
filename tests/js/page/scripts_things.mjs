// What runs on a careless page, in everything that is no message. Each story shows it, sees that it stands there as a text, and searches.
import { must } from './kit.mjs';
import { evil, Reader } from './guard.mjs';

/** Figures, components, what stands around the messages, and the same conversation loaded anew. */
export const things = (stage) => {
  const reader = new Reader(stage);
  const { reads, names, hints, show, search } = reader;
  return {
    async welcome() {
      await reader.begin();
    },
    async figures() {
      await show('figures');
      const { tab } = stage;
      const chart = tab.page.locator('.js-plotly-plot').last();
      await chart.locator('.main-svg').first().waitFor();
      await reads('cell', 'column', 'figure', 'table', 'list-status');
      await names('running');
      await search();
      await chart.hover();
      for (const spot of [[0.3, 0.7], [0.7, 0.7], [0.5, 0.5]]) {
        const { x, y, width, height } = await chart.boundingBox();
        await tab.page.mouse.move(x + width * spot[0], y + height * spot[1]);
        await tab.page.mouse.click(x + width * spot[0], y + height * spot[1]);
      }
      await chart.hover();
      // Plotly would send the figure to an address of the bot's choice; it asks before, and takes none that runs.
      await chart.locator('[data-title^="Share"]').click();
      await search();
    },
    async component() {
      await show('component');
      await stage.tab.page.getByText('Count:').last().waitFor();
      await reads('prop');
      await search();
    },
    async 'components of others'() {
      await stage.tab.ask('script folders', 'allowed taken []');
      await search();
    },
    async around() {
      await show('around');
      const { tab } = stage;
      await reads('command', 'option', 'sidebar');
      await names('sidebar-text');
      await search();
      await tab.input.fill('/');
      await tab.page.getByRole('option').first().waitFor();
      await reads('command-text');
      await search();
      await tab.input.fill('');
      await tab.page.getByRole('button', { name: /\[mode\]/ }).click();
      await reads('mode', 'option-text');
      await search();
      await tab.page.keyboard.press('Escape');
      await tab.button('Chat settings').click();
      await tab.page.getByRole('dialog').waitFor();
      await reads('field', 'switch', 'words', 'select', 'item');
      await search();
      await tab.page.keyboard.press('Escape');
      await tab.page.getByRole('dialog').waitFor({ state: 'detached' });
      await tab.button('Close the panel').click();
    },
    async toasts() {
      const { tab } = stage;
      const toasts = ['info', 'success', 'warning', 'alarm'].map((place) => tab.glimpse(evil(place)));
      await tab.say('script notices');
      await Promise.all(toasts);
      await search();
      await tab.idle();
    },
    async question() {
      const { tab } = stage;
      await tab.say('script question');
      await tab.page.getByRole('timer').waitFor();
      await reads('choice', 'status');
      await names('question');
      await hints('choice-hint');
      await search();
      await tab.page.getByRole('button', { name: /\[choice\]/ }).click();
      await tab.answers.filter({ hasText: 'Selected:' }).last().filter({ hasText: '[choice]' }).waitFor();
      await tab.page.getByText('allowed question', { exact: true }).waitFor();
      await tab.idle();
      await search();
    },
    async failures() {
      const { tab } = stage;
      await show('log');
      await tab.ask('script nothing', '[failure]');
      await tab.say(`fail ${evil('crash')}`);
      await tab.page.getByRole('alert').filter({ hasText: '[crash]' }).last().waitFor();
      await tab.idle();
      await search();
    },
    async 'a loaded conversation'() {
      const { tab } = stage;
      await show('names');
      await tab.page.reload();
      await tab.answers.filter({ hasText: '[text]' }).first().waitFor();
      await tab.page.locator('.js-plotly-plot .main-svg').first().waitFor();
      await reads('author', 'title', 'label', 'display-name', 'cell');
      await search();
    },
    async 'a shared conversation'() {
      const { page } = stage.tab;
      const thread = page.url().split('/').pop();
      const shared = await page.request.put(`${stage.address}/project/thread/share`, { data: { threadId: thread, isShared: true } });
      must(shared.ok(), `${shared.status()} ${await shared.text()}`);
      await page.goto(`${stage.address}/share/${thread}`);
      await stage.tab.answers.filter({ hasText: '[text]' }).first().waitFor();
      await reads('author');
      await search();
    },
  };
};
