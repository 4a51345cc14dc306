// Apollo Client and urql, each with its link for subscriptions; urql also with no link, by server-sent events.
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { OperationTypeNode } from "graphql";
import { Client, fetchExchange, subscriptionExchange } from "@urql/core";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { GRAPH, HEADERS, SOCKET, tell } from "./server.mjs";
import { SUBSCRIPTION, heard } from "./changing.mjs";

const sockets = createClient({ url: SOCKET, webSocketImpl: WebSocket, connectionParams: HEADERS, retryAttempts: 0 });

const apollo = new ApolloClient({
  link: ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(sockets),
    new HttpLink({ uri: GRAPH, headers: HEADERS }),
  ),
  cache: new InMemoryCache(),
});
const ofApollo = await heard((next) => {
  const subscription = apollo.subscribe({ query: gql(SUBSCRIPTION) }).subscribe({ next, error: (error) => next({ error }) });
  return () => subscription.unsubscribe();
});

const forwarding = subscriptionExchange({
  forwardSubscription: (request) => ({
    subscribe: (sink) => ({ unsubscribe: sockets.subscribe({ ...request, query: request.query ?? "" }, sink) }),
  }),
});
const urql = (more) => new Client({ url: GRAPH, exchanges: [fetchExchange], fetchOptions: { headers: HEADERS }, ...more });
const by = (client) => heard((next) => client.subscription(SUBSCRIPTION, {}).subscribe(next).unsubscribe);
const bySockets = await by(urql({ exchanges: [fetchExchange, forwarding] }));
const byEvents = await by(urql({ fetchSubscriptions: true }));

await sockets.dispose();
tell({ apollo: ofApollo, sockets: bySockets, events: byEvents });
