/**
 * Signing in at this very server: authorization code and PKCE, as any front end does.
 *
 * Tokens live in this page's memory and nowhere else. What the tab remembers is what it has asked for, until the answer is there,
 * and that somebody has signed in: a page that is loaded anew then asks again, without showing anything (`prompt=none`).
 */
import * as oauth from 'oauth4webapi';

const CLIENT: oauth.Client = { client_id: 'console' };
const SCOPE = 'openid profile graph';
const HOME = '/admin';
const ASKED = 'customer360.console.asked';
const SIGNED_IN = 'customer360.console.signedIn';
const SHARE_OF_LIFE_USED = 0.9;
const OPTIONS = { [oauth.allowInsecureRequests]: location.protocol === 'http:' };

interface Asked {
  state: string;
  nonce: string;
  verifier: string;
  to: string;
}

/** Somebody who has signed in. */
export interface Session {
  name: string;
  /** A token that is valid; obtained anew where the last one is used up, or was `refused`. */
  token(refused?: string): Promise<string>;
  leave(): Promise<void>;
}

/** Where the server says that it is, with all its addresses. */
async function server(): Promise<oauth.AuthorizationServer> {
  const response = await fetch('/.well-known/openid-configuration');
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  const found: oauth.AuthorizationServer = await response.json();
  if (new URL(found.issuer).origin !== location.origin) {
    location.replace(new URL(HOME, found.issuer));
    await new Promise(() => {});
  }
  return found;
}

/** Leave the page to sign in; with `silently`, only where that needs no word from anybody. */
export async function signIn({ silently = false, to = location.pathname + location.search } = {}): Promise<never> {
  const at = await server();
  const asked: Asked = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
    to,
  };
  sessionStorage.setItem(ASKED, JSON.stringify(asked));
  const address = new URL(at.authorization_endpoint!);
  const parameters = {
    response_type: 'code',
    client_id: CLIENT.client_id,
    redirect_uri: location.origin + HOME,
    scope: SCOPE,
    state: asked.state,
    nonce: asked.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(asked.verifier),
    code_challenge_method: 'S256',
    ...(silently && { prompt: 'none' }),
  };
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  location.assign(address);
  return new Promise(() => {});
}

/** Who has signed in; null where nobody has. Does not come back where the page is left to ask again. */
export async function enter(): Promise<Session | null> {
  const here = new URL(location.href);
  if (here.searchParams.has('state')) return entered(here);
  return sessionStorage.getItem(SIGNED_IN) === null ? null : signIn({ silently: true });
}

async function entered(here: URL): Promise<Session | null> {
  const asked: Asked | null = JSON.parse(sessionStorage.getItem(ASKED) ?? 'null');
  const wasSilent = sessionStorage.getItem(SIGNED_IN) !== null;
  sessionStorage.removeItem(ASKED);
  sessionStorage.removeItem(SIGNED_IN);
  history.replaceState(null, '', asked?.to ?? HOME);
  if (asked === null) return null;
  const at = await server();
  try {
    const answer = oauth.validateAuthResponse(at, CLIENT, here, asked.state);
    const response = await oauth.authorizationCodeGrantRequest(
      at, CLIENT, oauth.None(), answer, location.origin + HOME, asked.verifier, OPTIONS,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(at, CLIENT, response, {
      expectedNonce: asked.nonce,
      requireIdToken: true,
    });
    sessionStorage.setItem(SIGNED_IN, 'yes');
    return session(at, tokens);
  } catch (failure) {
    if (wasSilent && failure instanceof oauth.AuthorizationResponseError) return null;
    throw failure;
  }
}

function session(at: oauth.AuthorizationServer, first: oauth.TokenEndpointResponse): Session {
  const claims = oauth.getValidatedIdTokenClaims(first)!;
  let tokens = Promise.resolve(first);
  let renewAt = whenUsed(first);

  async function renewed(last: oauth.TokenEndpointResponse): Promise<oauth.TokenEndpointResponse> {
    const response = await oauth.refreshTokenGrantRequest(at, CLIENT, oauth.None(), last.refresh_token!, OPTIONS);
    const found = await oauth.processRefreshTokenResponse(at, CLIENT, response);
    renewAt = whenUsed(found);
    return found;
  }

  return {
    name: String(claims.name ?? claims.sub),
    async token(refused) {
      if (Date.now() >= renewAt || refused === (await tokens).access_token) {
        renewAt = Infinity;
        tokens = tokens.then(renewed);
      }
      return (await tokens).access_token;
    },
    async leave() {
      sessionStorage.removeItem(SIGNED_IN);
      const last = await tokens;
      await oauth.revocationRequest(at, CLIENT, oauth.None(), last.refresh_token!, OPTIONS);
      const out = new URL(at.end_session_endpoint!);
      out.searchParams.set('client_id', CLIENT.client_id);
      out.searchParams.set('post_logout_redirect_uri', location.origin + HOME);
      location.assign(out);
    },
  };
}

function whenUsed(tokens: oauth.TokenEndpointResponse): number {
  return Date.now() + (tokens.expires_in ?? 60) * 1000 * SHARE_OF_LIFE_USED;
}
