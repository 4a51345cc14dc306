// graphql-ws: a query and a mistake over the socket, a subscription, and a stranger who is shut out.
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { HEADERS, SOCKET, tell } from "./server.mjs";
import { SUBSCRIPTION, heard } from "./changing.mjs";

const connect = (connectionParams, more) =>
  createClient({ url: SOCKET, webSocketImpl: WebSocket, connectionParams, retryAttempts: 0, ...more });
const client = connect(HEADERS);

async function one(asking, query) {
  for await (const answer of asking.iterate({ query })) return answer;
}

const query = await one(client, "{ viewer { displayName } }");
const mistaken = await one(client, "{ noSuchField }").catch((errors) => ({ errors }));
const unread = await one(client, "{ viewer {").catch((errors) => ({ errors }));
const after = await one(client, "{ viewer { displayName } }");
const roles = await heard((next) =>
  client.subscribe({ query: SUBSCRIPTION }, { next, error: (error) => next({ error }), complete: () => {} }),
);
await client.dispose();
const stranger = await one(connect({ authorization: "Bearer nobody" }), "{ viewer { displayName } }").catch(({ code }) => code);

tell({
  query: query.data,
  mistaken: mistaken.errors[0].extensions.code,
  unread: unread.errors[0].extensions.code,
  after: after.data,
  roles,
  stranger,
});
