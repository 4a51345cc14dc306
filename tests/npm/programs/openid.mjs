// Every grant, as openid-client completes it: for a public client of the house and for a confidential one.
import * as openid from "openid-client";
import { ADDRESS, GRAPH, tell } from "./server.mjs";

const { EMAIL, PASSWORD, SECRET } = process.env;
const BACK = "https://app.example/back";
const QUERY = "{ viewer { displayName roles } customers(first: 5) { nodes { displayName } } }";

/** A browser: it keeps cookies and follows no redirection by itself. */
class Browser {
  #cookies = new Map();

  async go(address, init = {}) {
    const cookie = [...this.#cookies].map((pair) => pair.join("=")).join("; ");
    const response = await fetch(new URL(address, ADDRESS), { redirect: "manual", ...init, headers: { ...init.headers, cookie } });
    for (const given of response.headers.getSetCookie()) {
      const [name, ...value] = given.split(";")[0].split("=");
      this.#cookies.set(name, value.join("="));
    }
    return response;
  }

  send(path, form) {
    return this.go(path, { method: "POST", body: new URLSearchParams(form), headers: { origin: ADDRESS } });
  }
}

const browser = new Browser();

/** What a user's sign-in and consent come to. */
async function code(config, scope) {
  const verifier = openid.randomPKCECodeVerifier();
  const [state, nonce] = [openid.randomState(), openid.randomNonce()];
  const challenge = await openid.calculatePKCECodeChallenge(verifier);
  const asked = { redirect_uri: BACK, scope, state, nonce, code_challenge: challenge, code_challenge_method: "S256" };
  const address = openid.buildAuthorizationUrl(config, asked);
  let response = await browser.go(address);
  if (new URL(response.headers.get("location") ?? "about:blank", ADDRESS).pathname === "/oauth/sign-in") {
    const next = new URL(response.headers.get("location"), ADDRESS).searchParams.get("next");
    response = await browser.send("/oauth/sign-in", { email: EMAIL, password: PASSWORD, next });
    response = await browser.go(response.headers.get("location"));
  }
  if (response.status === 200) {
    response = await browser.send("/oauth/authorize", { ...Object.fromEntries(address.searchParams), decision: "allow" });
  }
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
  return openid.authorizationCodeGrant(config, new URL(response.headers.get("location")), checks);
}

async function ask(token) {
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const response = await fetch(GRAPH, { method: "POST", headers, body: JSON.stringify({ query: QUERY }) });
  const { data, errors } = await response.json();
  return data ?? errors[0].extensions.code;
}

const discovered = (client, authentication) =>
  openid.discovery(new URL(ADDRESS), client, undefined, authentication, { execute: [openid.allowInsecureRequests] });

async function ofTheHouse() {
  const front = await discovered("front", openid.None());
  const given = await code(front, "openid profile email graph");
  const about = await openid.fetchUserInfo(front, given.access_token, given.claims().sub);
  const renewed = await openid.refreshTokenGrant(front, given.refresh_token);
  const answer = await ask(renewed.access_token);
  const twice = await openid.refreshTokenGrant(front, given.refresh_token).catch(({ error }) => error);
  const after = await ask(renewed.access_token);
  const another = await code(front, "openid graph");
  await openid.tokenRevocation(front, another.refresh_token);
  const revoked = await ask(another.access_token);
  const out = openid.buildEndSessionUrl(front, { id_token_hint: given.id_token });
  const left = await browser.go(out);
  return { about, expires: renewed.expires_in, answer, twice, after, revoked, left: left.status };
}

async function ofAPartner(authentication) {
  const partner = await discovered("partner", authentication);
  const given = await openid.clientCredentialsGrant(partner, { scope: "graph" });
  const introspected = await openid.tokenIntrospection(partner, given.access_token);
  const itself = await ask(given.access_token);
  const forUser = await ask((await code(partner, "openid graph")).access_token);
  return { scope: given.scope, active: introspected.active, client: introspected.client_id, itself, forUser };
}

tell({
  front: await ofTheHouse(),
  basic: await ofAPartner(openid.ClientSecretBasic(SECRET)),
  post: await ofAPartner(openid.ClientSecretPost(SECRET)),
});
