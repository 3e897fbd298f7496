// An OpenID Connect provider on a free port, where everybody is signed in at once as whoever the test says. Told what to do by lines
// of JSON on stdin; tells its issuer on stdout. Ends with its input.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';

const tell = (news) => process.stdout.write(`${JSON.stringify(news)}\n`);
/** The claims of the user, or null where users refuse. */
let user = null;
let provider;

const server = createServer(async (request, response) => {
  try {
    if (request.url.startsWith('/interaction/')) await consent(request, response);
    else await provider.callback()(request, response);
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
});

/** Answers at once what the provider would ask the user. */
async function consent(request, response) {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (!user) return provider.interactionFinished(request, response, { error: 'access_denied' });
  if (prompt.name === 'login') return provider.interactionFinished(request, response, { login: { accountId: user.sub } });
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
}

function serve({ redirect, secret, claims_in_token: inToken }) {
  const { port } = server.address();
  provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [{ client_id: 'chinwag', client_secret: secret, redirect_uris: [redirect] }],
    claims: { email: ['email', 'email_verified'], profile: ['name', 'picture'] },
    // What the scopes stand for is told in the ID token, or only to whoever asks.
    conformIdTokenClaims: !inToken,
    cookies: { keys: ['a-key-of-the-tests'] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ ...user, sub }) }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    pkce: { required: () => true },
  });
  tell({ serving: true });
}

// Its advice for production would be taken for news.
console.warn = console.info = () => {};
server.listen(0, '127.0.0.1', () => tell({ issuer: `http://127.0.0.1:${server.address().port}` }));

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  if (order.serve) serve(order.serve);
  if ('user' in order) {
    user = order.user;
    tell({ user: true });
  }
}
process.exit(0);
