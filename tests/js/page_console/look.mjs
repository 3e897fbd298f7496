// What the page is to eyes, keyboards and screen readers.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { choose, close, must, open } from './desk.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const lists = ['', '/bots/showcase', '/sessions', '/server'];
const parts = ['/bots/showcase/activity', '/bots/crasher/log', '/bots/showcase/limits', '/bots/showcase/grants'];

export function lookStories(desk) {
  const { page, bots } = desk;

  /** What axe finds that keeps people out. */
  async function findings(where) {
    // A toast that fades has no contrast to speak of.
    await page.waitForFunction(() => !document.querySelector('[data-sonner-toast]'));
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    return grave.map(({ id, nodes }) => `${where}: ${id} at ${nodes.map(({ target }) => target.join(' ')).slice(0, 3).join(', ')}`);
  }

  async function examine(places) {
    const found = [];
    for (const place of places) {
      await open(desk, place);
      await page.waitForTimeout(600);
      found.push(...(await findings(place || '/')));
      const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (excess > 0) found.push(`${place || '/'}: wider than the window by ${excess}`);
    }
    must(found.length === 0, found.join('; '));
  }

  /** Puts the page into a light, and back into the usual one afterwards. */
  const seen = (colorScheme, width, look) => async () => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 860 });
    try {
      await look();
    } finally {
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width: 1280, height: 860 });
    }
  };

  async function dialog() {
    await open(desk);
    await choose(desk, path.join(bots, 'echo.wasm'));
    const found = await findings('the sheet');
    await close(desk);
    must(found.length === 0, found.join('; '));
  }

  return {
    light: seen('light', 1280, () => examine(lists)),
    'light parts': seen('light', 1280, () => examine(parts)),
    dark: seen('dark', 1280, async () => {
      await examine(lists);
      must((await page.evaluate(() => document.documentElement.dataset.theme)) === 'dark', 'it is not dark');
    }),
    'dark parts': seen('dark', 1280, () => examine(parts)),
    phone: seen('light', 390, () => examine(lists)),
    'phone parts': seen('light', 390, () => examine(parts)),
    sheet: seen('dark', 390, dialog),
    async theme() {
      await open(desk);
      for (const [click, expected] of [['Theme: system', 'light'], ['Theme: light', 'dark'], ['Theme: dark', 'light']]) {
        await page.getByRole('button', { name: click }).click();
        const theme = await page.evaluate(() => document.documentElement.dataset.theme);
        must(theme === expected, `after “${click}” it is ${theme}`);
      }
    },
    async keyboard() {
      await open(desk);
      await page.keyboard.press('Tab');
      const first = await page.evaluate(() => document.activeElement.textContent);
      must(first === 'Skip to the content', `first comes ${first}`);
      await open(desk, '/bots/showcase');
      const remove = page.getByRole('button', { name: 'Remove…' });
      await remove.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      must(await page.evaluate(() => document.querySelector('[role=dialog]').contains(document.activeElement)), 'the dialog has no focus');
      await close(desk);
      must(await remove.evaluate((button) => button === document.activeElement), 'the focus is lost');
    },
    async 'sign out'() {
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByLabel('Admin token').waitFor();
      must((await page.evaluate(() => sessionStorage.length)) === 0, 'the token is kept');
      await page.reload();
      await page.getByLabel('Admin token').waitFor();
      must((await page.getByRole('link', { name: 'Back to the chat' }).getAttribute('href')) === '/', 'there is no way back');
    },
  };
}
