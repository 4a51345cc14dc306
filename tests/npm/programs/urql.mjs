// urql, as its documentation sets it up: queries by POST and by GET, a mistake, a change.
import { Client, cacheExchange, fetchExchange, gql } from "@urql/core";
import { GRAPH, HEADERS, tell } from "./server.mjs";

const QUERY = gql`query Viewer { viewer { displayName roles } }`;
const asked = (options) =>
  new Client({ url: GRAPH, exchanges: [cacheExchange, fetchExchange], fetchOptions: { headers: HEADERS }, ...options });
const told = ({ data, error }) => ({ data, code: error?.graphQLErrors[0]?.extensions.code });

tell({
  post: told(await asked({ preferGetMethod: false }).query(QUERY, {}).toPromise()),
  get: told(await asked({ preferGetMethod: "force" }).query(QUERY, {}).toPromise()),
  mistaken: told(await asked({}).query(gql`{ noSuchField }`, {}).toPromise()),
  stranger: told(await asked({ fetchOptions: {} }).query(QUERY, {}).toPromise()),
});
