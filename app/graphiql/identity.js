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
  let authorization = null;
  let renewAt = 0;

  async function obtain() {
    const { token, expiresIn } = await requestToken(email);
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
