// Apollo Client: a page of a connection and the next, merged in its cache; a change that is refused, one that is made, a mistake.
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";
import { GRAPH, HEADERS, tell } from "./server.mjs";

const { ID } = process.env;
const typePolicies = { Query: { fields: { customers: relayStylePagination(["where", "orderBy"]) } } };
const client = new ApolloClient({
  link: ApolloLink.from([new HttpLink({ uri: GRAPH, headers: HEADERS })]),
  cache: new InMemoryCache({ typePolicies }),
});

const PAGE = gql`
  query Page($after: String) {
    customers(first: 1, after: $after, orderBy: [{ field: DISPLAY_NAME }]) {
      edges { cursor node { id displayName } }
      pageInfo { hasNextPage endCursor }
    }
  }
`;
const CHANGE = gql`
  mutation Change($input: CustomerUpdateInput!) {
    customerUpdate(input: $input) { customer { id displayName } userErrors { code field } }
  }
`;

const first = await client.query({ query: PAGE });
const { endCursor } = first.data.customers.pageInfo;
const watched = client.watchQuery({ query: PAGE });
const ended = watched.subscribe(() => {});
const more = await watched.fetchMore({ variables: { after: endCursor } });
ended.unsubscribe();
const both = client.readQuery({ query: PAGE }).customers.edges.map(({ node }) => node.displayName);
const change = (displayName) => client.mutate({ mutation: CHANGE, variables: { input: { id: ID, displayName } } });
const refused = await change("");
const made = await change("Renamed");
const cached = client.readFragment({ id: `Customer:${ID}`, fragment: gql`fragment Name on Customer { displayName }` });
const mistaken = await client
  .query({ query: gql`{ noSuchField }` })
  .then(() => "answered", (error) => CombinedGraphQLErrors.is(error) ? error.errors[0].extensions.code : String(error));

tell({
  first: first.data.customers.edges.map(({ node }) => node.displayName),
  more: more.data.customers.edges.map(({ node }) => node.displayName),
  both,
  refused: refused.data.customerUpdate.userErrors,
  made: made.data.customerUpdate.customer.displayName,
  cached: cached.displayName,
  mistaken,
});
