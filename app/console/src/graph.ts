/** The graph, asked as whoever has signed in. */
import { Client, cacheExchange, fetchExchange, gql, type TypedDocumentNode } from 'urql';

import type { graphql as typed } from './generated';
import type { Session } from './signing-in';

/** An operation, of the types that its text was found to have; the text alone is shipped. */
export const graphql = gql as unknown as typeof typed;

/** What an operation is answered with. */
export type ResultOf<Operation> = Operation extends TypedDocumentNode<infer Data, never> ? Data : never;

/** Its client: it is told things in this language. Requests carry a token, and are sent once more where it is refused and another can be had. */
export function graph(session: Session, language: string): Client {
  async function signed(address: RequestInfo | URL, options?: RequestInit): Promise<Response> {
    const send = (token: string) => {
      const headers = new Headers(options?.headers);
      headers.set('Authorization', `Bearer ${token}`);
      headers.set('Accept-Language', language);
      return fetch(address, { ...options, headers });
    };
    const token = await session.token();
    const response = await send(token);
    return response.status === 401 ? send(await session.token(token)) : response;
  }

  return new Client({ url: '/graphql', fetch: signed, preferGetMethod: false, exchanges: [cacheExchange, fetchExchange] });
}
