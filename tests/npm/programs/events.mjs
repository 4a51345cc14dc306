// graphql-sse: a query and a subscription as server-sent events, with a connection for each.
import { createClient } from "graphql-sse";
import { GRAPH, HEADERS, tell } from "./server.mjs";
import { SUBSCRIPTION, heard } from "./changing.mjs";

const client = createClient({ url: GRAPH, headers: HEADERS, retryAttempts: 0 });

async function one(query) {
  for await (const answer of client.iterate({ query })) return answer;
}

const query = await one("{ viewer { displayName } }");
const mistaken = await one("{ noSuchField }").catch((errors) => ({ errors }));
const roles = await heard((next) =>
  client.subscribe({ query: SUBSCRIPTION }, { next, error: (error) => next({ error }), complete: () => {} }),
);
client.dispose();
tell({ query: query.data, mistaken: mistaken.errors[0].extensions.code, roles });
