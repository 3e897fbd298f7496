// Who signs in finds their conversations again.
import { must, Person, tokens } from './kit.mjs';

export const members = (stage) => {
  const { address } = stage;
  const rows = () => stage.tab.page.getByRole('navigation', { name: 'Conversations' }).getByRole('link');
  const menu = async (name, item) => {
    await rows().filter({ hasText: name }).hover();
    await stage.tab.button(`More about ${name}`).click();
    await stage.tab.page.getByRole('menuitem', { name: item }).click();
  };
  let thread = '';
  return {
    async 'sign in'() {
      stage.member = new Person(stage.browser, address);
      stage.tab = await stage.member.tab('/');
      const { tab } = stage;
      await tab.page.waitForURL(/\/login$/);
      await tab.page.getByLabel('User name').fill('admin');
      await tab.page.getByLabel('Password').fill('wrong');
      await tab.button('Sign in').click();
      await tab.page.getByRole('alert').filter({ hasText: 'The user name or the password is wrong.' }).waitFor();
      await tab.accessible();
      await tab.page.getByLabel('Password').fill('admin');
      await tab.button('Sign in').click();
      await tab.input.waitFor();
    },
    async history() {
      const { tab } = stage;
      await tab.ask('first words', 'You said: first words');
      await tab.page.waitForURL(/\/thread\//);
      thread = tab.page.url().split('/').pop();
      await tab.page.getByRole('heading', { name: 'Today' }).waitFor();
      await rows().filter({ hasText: 'first words' }).waitFor();
      await tab.button('New chat').first().click();
      await tab.page.getByRole('heading', { name: 'Showcase', level: 2 }).waitFor();
      await tab.ask('second words', 'You said: second words');
      await rows().filter({ hasText: 'second words' }).waitFor();
      await tab.accessible();
    },
    async resume() {
      const { tab } = stage;
      await rows().filter({ hasText: 'first words' }).click();
      await tab.answers.filter({ hasText: 'You said: first words' }).waitFor();
      must((await tab.answers.count()) === 1, 'the other conversation is still there');
      await tab.ask('more words', 'You said: more words');
      await tab.page.reload();
      await tab.answers.filter({ hasText: 'You said: more words' }).waitFor();
      await tab.page.goBack();
      await tab.answers.filter({ hasText: 'You said: second words' }).waitFor();
      await tab.page.goForward();
      await tab.answers.filter({ hasText: 'You said: first words' }).waitFor();
    },
    async rename() {
      const { tab } = stage;
      await menu('first words', 'Rename');
      const field = tab.page.getByLabel('Name of the conversation');
      await field.fill('Renamed by hand');
      await field.press('Enter');
      await rows().filter({ hasText: 'Renamed by hand' }).waitFor();
      await tab.page.reload();
      await rows().filter({ hasText: 'Renamed by hand' }).waitFor();
    },
    async search() {
      const { tab } = stage;
      const field = tab.page.getByRole('searchbox', { name: 'Search conversations' });
      await field.fill('second');
      await rows().filter({ hasText: 'Renamed by hand' }).waitFor({ state: 'detached' });
      await rows().filter({ hasText: 'second words' }).waitFor();
      await field.fill('nowhere to be found');
      await tab.page.getByText('Nothing found').waitFor();
      await field.fill('');
      await rows().filter({ hasText: 'Renamed by hand' }).waitFor();
    },
    async 'read only'() {
      const tab = await stage.member.tab(`/thread/${thread}`, { '/project/settings': { threadResumable: false } });
      await tab.answers.filter({ hasText: 'You said: more words' }).waitFor();
      must((await tab.input.count()) === 0, 'one can write where nothing can be resumed');
      await tab.page.close();
    },
    async 'two tabs'() {
      const one = stage.tab;
      const two = await stage.member.tab(`/thread/${thread}`);
      await two.answers.filter({ hasText: 'You said: more words' }).waitFor();
      const answer = await one.say('stream 20');
      await answer.filter({ hasText: 'tok2' }).waitFor();
      await two.own.filter({ hasText: 'stream 20' }).waitFor();
      const other = two.answers.filter({ hasText: 'tok19' });
      await other.waitFor();
      must((await two.text(other)).includes(tokens(20)), `a token is missing in the other tab: ${await two.text(other)}`);
      await one.idle();
      await two.ask('from the other tab', 'You said: from the other tab');
      await one.answers.filter({ hasText: 'You said: from the other tab' }).waitFor();
      await two.page.close();
    },
    async 'copied tab'() {
      // A copy of a tab brings its sessionStorage along: it must not take the session away from the tab it was copied from.
      const one = stage.tab;
      const kept = await one.page.evaluate(() => JSON.stringify(Object.entries(sessionStorage)));
      const two = await stage.member.tab('/favicon');
      await two.page.evaluate((entries) => { for (const [key, value] of JSON.parse(entries)) sessionStorage.setItem(key, value); }, kept);
      await two.page.goto(`${address}/thread/${thread}`);
      await two.answers.filter({ hasText: 'You said: more words' }).waitFor();
      await two.ask('from the copy', 'You said: from the copy');
      await one.answers.filter({ hasText: 'You said: from the copy' }).waitFor();
      await one.ask('from the first', 'You said: from the first');
      await two.page.close();
    },
    async favourites() {
      const { tab } = stage;
      const mine = tab.own.filter({ hasText: 'more words' });
      await mine.hover();
      await mine.getByRole('button', { name: 'Add to favourites' }).click();
      await tab.button('Favourites').click();
      await tab.page.getByRole('menuitem', { name: 'more words' }).click();
      must((await tab.input.inputValue()) === 'more words', 'the favourite is not in the composer');
      await tab.input.fill('');
    },
    async share() {
      const { tab } = stage;
      await tab.button('Share').click();
      await tab.button('Make an address').click();
      const field = tab.page.getByRole('textbox', { name: 'Address' });
      await field.waitFor();
      const shared = new URL(await field.inputValue());
      const stranger = new Person(stage.browser, address);
      const other = await stranger.tab(shared.pathname);
      await other.answers.filter({ hasText: 'You said: first words' }).waitFor();
      must((await other.input.count()) === 0, 'a stranger can write');
      await other.accessible();
      await tab.button('Stop sharing').click();
      await tab.button('Make an address').waitFor();
      await tab.page.keyboard.press('Escape');
      await other.page.reload();
      await other.page.getByText('This conversation is not shared').waitFor();
      await stranger.leave();
    },
    async 'history on a phone'() {
      const { tab } = stage;
      await tab.page.setViewportSize({ width: 390, height: 844 });
      await tab.button('Show the conversations').click();
      await tab.page.getByRole('dialog', { name: 'Conversations' }).waitFor();
      await tab.accessible();
      await rows().filter({ hasText: 'second words' }).click();
      await tab.answers.filter({ hasText: 'You said: second words' }).waitFor();
      await tab.page.getByRole('dialog').waitFor({ state: 'detached' });
      await tab.page.setViewportSize({ width: 1280, height: 860 });
    },
    async delete() {
      const { tab } = stage;
      await rows().filter({ hasText: 'second words' }).click();
      await tab.answers.filter({ hasText: 'You said: second words' }).waitFor();
      await menu('second words', 'Delete');
      await tab.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await rows().filter({ hasText: 'second words' }).waitFor({ state: 'detached' });
      await tab.page.getByRole('heading', { name: 'Showcase', level: 2 }).waitFor();
      await tab.page.goto(`${address}/thread/00000000-0000-4000-8000-000000000000`);
      await tab.page.getByText('This conversation cannot be continued').waitFor();
      await tab.page.getByRole('heading', { name: 'Showcase', level: 2 }).waitFor();
    },
    async providers() {
      const stranger = new Person(stage.browser, address);
      const tab = await stranger.tab('/login?error=oauthSignin', { '/auth/config': { oauthProviders: ['okta'] } });
      await tab.page.getByRole('alert').filter({ hasText: 'Signing in at the provider did not work' }).waitFor();
      const asked = tab.page.waitForRequest(/\/auth\/oauth\/okta$/);
      await tab.button('Continue with Okta').click();
      await asked;
      await stranger.leave();
    },
    async 'sign out'() {
      const { tab } = stage;
      await tab.button('Admin: menu').click();
      await tab.page.getByRole('menuitem', { name: 'Sign out' }).click();
      await tab.page.waitForURL(/\/login$/);
      await tab.page.getByLabel('User name').waitFor();
    },
  };
};
