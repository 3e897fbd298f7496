// A chat page of somebody else's making, without its looks: npm's `@chainlit/react-client`, whose hooks connect, say and show. Told what
// to do by lines of JSON on stdin, it tells what it shows on stdout. Ends with its input.
import http from 'node:http';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { createElement, useEffect } from 'react';

const require = createRequire(import.meta.url);
// Its own copies of these are the ones that count.
const client = require('@chainlit/react-client');
const { RecoilRoot } = require('recoil');
const { create } = require('react-test-renderer');

// It looks there for what only browsers have.
globalThis.localStorage = { getItem: () => null, setItem: () => {} };

const tell = (news) => process.stdout.write(`${JSON.stringify(news)}\n`);
let page;
let api;
/** The conversation that was picked. */
let wanted;

/** Sends the user's cookies, as browsers do by themselves. */
function carry(cookie) {
  const { fetch } = globalThis;
  globalThis.fetch = (url, options) => fetch(url, { ...options, headers: { ...options?.headers, cookie } });
  const { request } = http;
  http.request = (options, done) => request({ ...options, headers: { ...options.headers, cookie } }, done);
}

function Page({ bot }) {
  const session = client.useChatSession();
  const interact = client.useChatInteract();
  const { messages, threadId, firstInteraction } = client.useChatMessages();
  const { connected, loading, elements } = client.useChatData();
  const { connect, chatProfile, setChatProfile, idToResume } = session;
  page = { session, interact };
  useEffect(() => {
    setChatProfile(bot);
  }, [bot]);
  // As the stock page: again whenever the thread to open is another one.
  useEffect(() => {
    // The client forgets the old conversation before it knows the new one, and connects later than it is told to: told in between,
    // it opens two connections, of which on a busy machine the wrong one may be the last.
    if (chatProfile && (wanted ?? idToResume) === idToResume) connect({ userEnv: {} });
  }, [connect, chatProfile, idToResume]);
  useEffect(() => {
    tell({ page: { messages, threadId, firstInteraction, connected, loading, elements } });
  });
  return null;
}

function open({ url, cookies, bot }) {
  carry(cookies);
  api = new client.ChainlitAPI(url, 'webapp');
  const root = createElement(RecoilRoot, null, createElement(Page, { bot }));
  create(createElement(client.ChainlitContext.Provider, { value: api }, root));
}

async function call(method, args) {
  try {
    tell({ answer: await api[method](...args, ...(method === 'setFeedback' ? [page.session.sessionId] : [])) });
  } catch (error) {
    tell({ answer: { error: String(error) } });
  }
}

function resume(thread) {
  wanted = thread;
  page.interact.clear();
  page.interact.setIdToResume(thread);
}

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  if (order.open) open(order.open);
  else if (order.say) page.interact.sendMessage({ name: 'User', type: 'user_message', output: order.say });
  else if (order.resume) resume(order.resume);
  else if (order.call) await call(order.call, order.args);
}
process.exit(0);
