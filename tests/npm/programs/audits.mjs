// Every audit of GraphQL over HTTP: its id, how it went, what it is about, and why it failed.
import { serverAudits } from "graphql-http";
import { GRAPH, HEADERS, tell } from "./server.mjs";

const fetchFn = (url, init = {}) => fetch(url, { ...init, headers: { ...init.headers, ...HEADERS } });
const found = [];
for (const audit of serverAudits({ url: GRAPH, fetchFn })) {
  const { id, status, name, reason } = await audit.fn();
  found.push({ id, status, name, reason });
}
tell(found);
