// A page of a front end, typed by what was generated: tsc says where the schema is not as the page thinks.
import { graphql, useFragment } from "./generated";
import type { ChangeMutationVariables, PageQuery, PageQueryVariables } from "./generated/graphql";

export const Card = graphql(`
  fragment Card on Customer { id displayName annualRevenue { amount currency } contacts(first: 2) { nodes { id displayName } } }
`);

export const Page = graphql(`
  query Page($first: Int!, $orderBy: [CustomerOrder!]) {
    customers(first: $first, orderBy: $orderBy) { totalCount nodes { ...Card } pageInfo { hasNextPage endCursor } }
  }
`);

export const Change = graphql(`
  mutation Change($input: CustomerUpdateInput!) {
    customerUpdate(input: $input) { customer { ...Card } userErrors { code field message } }
  }
`);

export const newest: PageQueryVariables = { first: 20, orderBy: [{ field: "CREATED_AT", direction: "DESC" }] };

/** Absent leaves a field as it is, null empties it. */
export const emptied: ChangeMutationVariables = { input: { id: "x", email: null } };

export function revenues(page: PageQuery): readonly (string | undefined)[] {
  const cards = page.customers?.nodes.map((node) => useFragment(Card, node)) ?? [];
  return cards.map((card) => card.annualRevenue?.amount);
}

// @ts-expect-error What the schema withholds may be null, and the page must say what it shows then.
export const names = (page: PageQuery): string[] => page.customers!.nodes.map((node) => useFragment(Card, node).displayName);
