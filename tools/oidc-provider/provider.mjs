// A provider of identity for the tests of sign-in by OpenID Connect. Listens on loopback, prints one line of JSON
// ({"issuer": ...}) when it can be asked, and ends when its standard input does, so that no test leaves it behind.
//
//   node provider.mjs REDIRECT_URI...
//
// Whoever signs in is the account of that name, with any password: see ACCOUNTS.
import { createServer } from 'node:http';

// It warns of its own development pages, which are just what tests need; nothing but the one line is to be said.
console.warn = () => {};
console.info = () => {};
const { Provider } = await import('oidc-provider');

const ACCOUNTS = {
  ana: { email: 'ana@ferries.example', email_verified: true, name: 'Ana Arrival' },
  ben: { email: 'Ben@Ferries.example', email_verified: true, name: 'Ben Berth' },
  unverified: { email: 'ana@ferries.example', email_verified: false },
  silent: {},
  foreign: { email: 'eve@elsewhere.example', email_verified: true },
};

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'surety',
        client_secret: 'not-a-secret',
        redirect_uris: process.argv.slice(2),
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    claims: { email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: ['only for tests'] },
    pkce: { required: () => true, methods: ['S256'] },
    features: { devInteractions: { enabled: true } },
    findAccount: (_, id) =>
      ACCOUNTS[id] && { accountId: id, claims: () => ({ sub: id, ...ACCOUNTS[id] }) },
  });
  server.on('request', provider.callback());
  process.stdout.write(`${JSON.stringify({ issuer })}\n`);
});

process.stdin.on('end', () => process.exit()).resume();
