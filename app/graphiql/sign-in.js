/**
 * Signing in at this very server: authorization code and PKCE (RFC 6749, RFC 7636).
 *
 * Tokens live in this page's memory and nowhere else. What the tab remembers is what it has asked for, until the answer is there,
 * and that somebody has signed in: a page that is loaded anew then asks again, without showing anything (`prompt=none`).
 */

import { signedInUser } from './identity.js';

const CLIENT = 'graphiql';
const SCOPE = 'openid profile graph';
const ASKED = 'customer360.asked';
const SIGNED_IN = 'customer360.signedIn';
const HERE = location.origin + location.pathname;

let tokens = null;

/** Leave the page to sign in; with `silently`, only where that needs no word from anybody. */
export async function toSignIn({ silently = false } = {}) {
  const [state, verifier] = [random(), random()];
  sessionStorage.setItem(ASKED, JSON.stringify({ state, verifier }));
  const asked = {
    response_type: 'code',
    client_id: CLIENT,
    redirect_uri: HERE,
    scope: SCOPE,
    state,
    code_challenge: encoded(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))),
    code_challenge_method: 'S256',
    ...(silently && { prompt: 'none' }),
  };
  location.assign(`oauth/authorize?${new URLSearchParams(asked)}`);
}

/** Who has signed in: `{ identity, name }`; null where nobody has. Does not come back where the page is left to ask again. */
export async function enter() {
  const answer = new URLSearchParams(location.search);
  if (!answer.has('state')) return again();
  const asked = JSON.parse(sessionStorage.getItem(ASKED));
  const wasSilent = sessionStorage.getItem(SIGNED_IN) !== null;
  sessionStorage.removeItem(ASKED);
  sessionStorage.removeItem(SIGNED_IN);
  history.replaceState(null, '', HERE);
  if (answer.get('state') !== asked?.state) throw new Error('What came back was not asked for here.');
  if (!answer.has('code')) {
    if (wasSilent) return null;
    throw new Error('You were not signed in.');
  }
  tokens = await exchange({
    grant_type: 'authorization_code',
    code: answer.get('code'),
    redirect_uri: HERE,
    code_verifier: asked.verifier,
  });
  sessionStorage.setItem(SIGNED_IN, 'yes');
  return { identity: signedInUser(tokens, renew), name: await nameOf(tokens.access_token) };
}

/** End what was granted to this page, and go on to sign out of this browser. */
export async function leave() {
  sessionStorage.removeItem(SIGNED_IN);
  await post('oauth/revoke', { token: tokens.refresh_token });
  const to = { client_id: CLIENT, post_logout_redirect_uri: HERE };
  location.assign(`oauth/sign-out?${new URLSearchParams(to)}`);
}

/** Ask again for whoever had signed in before the page was loaded anew. */
function again() {
  if (sessionStorage.getItem(SIGNED_IN) === null) return null;
  toSignIn({ silently: true });
  return new Promise(() => {});
}

async function renew(fields) {
  tokens = await exchange(fields);
  return tokens;
}

async function exchange(fields) {
  const response = await post('oauth/token', fields);
  if (!response.ok) throw new Error('You are not signed in any more.');
  return response.json();
}

function post(address, fields) {
  return fetch(address, { method: 'POST', body: new URLSearchParams({ client_id: CLIENT, ...fields }) });
}

async function nameOf(token) {
  const response = await fetch('oauth/userinfo', { headers: { Authorization: `Bearer ${token}` } });
  return (await response.json()).name;
}

function random() {
  return encoded(crypto.getRandomValues(new Uint8Array(32)));
}

/** Base64 for addresses, without padding. */
function encoded(bytes) {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
