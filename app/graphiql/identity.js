/**
 * Who asks. An identity is a function that resolves to the value of the Authorization header; called with
 * `{ renew: true }` it obtains a new one where it can. Tokens live in its closure and nowhere else.
 */

const SHARE_OF_LIFE_USED = 0.9;

/** The bearer of a pasted token. */
export function bearer(pasted) {
  const token = pasted.trim().replace(/^bearer\s+/i, '');
  return async () => `Bearer ${token}`;
}

/** A demo user, whose tokens are fetched when needed and renewed before they expire. */
export function demoUser(email) {
  return renewed(() => requestToken(email));
}

/** Who has signed in, by the tokens that signing in came to; they are exchanged for others before they expire. */
export function signedInUser(tokens, exchange) {
  let next = tokens;
  let refreshToken = tokens.refresh_token;

  return renewed(async () => {
    const found = next ?? (await exchange({ grant_type: 'refresh_token', refresh_token: refreshToken }));
    next = null;
    refreshToken = found.refresh_token;
    return { token: found.access_token, expiresIn: found.expires_in };
  });
}

/** An identity whose token is obtained when first needed, and again when most of its life is over or it was refused. */
function renewed(request) {
  let authorization = null;
  let renewAt = 0;

  async function obtain() {
    const { token, expiresIn } = await request();
    renewAt = Date.now() + expiresIn * 1000 * SHARE_OF_LIFE_USED;
    return `Bearer ${token}`;
  }

  return ({ renew = false } = {}) => {
    if (renew || Date.now() >= renewAt) {
      renewAt = Infinity;
      authorization = obtain().catch((failure) => {
        renewAt = 0;
        throw failure;
      });
    }
    return authorization;
  };
}

async function requestToken(email) {
  const response = await fetch('dev/token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email }),
  });
  if (!response.ok) throw new Error(`No token for ${email}: the server answered ${response.status}.`);
  return response.json();
}

/** A fetch that signs requests, and tries once more when a token is refused and another can be had. */
export function signedFetch(identity) {
  return async (address, options) => {
    const headers = new Headers(options.headers);
    if (headers.has('Authorization')) return fetch(address, options);
    const send = (authorization) => {
      headers.set('Authorization', authorization);
      return fetch(address, { ...options, headers });
    };
    const authorization = await identity();
    const response = await send(authorization);
    if (response.status !== 401) return response;
    const renewed = await identity({ renew: true });
    return renewed === authorization ? response : send(renewed);
  };
}
