/** A person, found by name or address, and called so. */
import { useQuery } from 'urql';

import { graphql } from '../graph';
import { Finder } from './finder';

const Found = graphql(`
  query FoundPeople($text: String!) {
    users(first: 20, where: { OR: [{ displayName: { contains: $text } }, { email: { contains: $text } }] }, orderBy: [{ field: DISPLAY_NAME }]) {
      nodes { id displayName email }
    }
  }
`);
const Named = graphql(`query NamedPerson($id: ID!) { user(id: $id) { id displayName email } }`);

/** The address of a person's page. */
export const personPath = (id: string) => `/people/person?${new URLSearchParams({ id }).toString()}`;

/** What a person is called; empty where nobody is named, '?' where that is not in view. */
export function usePersonName(id: string | undefined): string {
  const [{ data, fetching }] = useQuery({ query: Named, variables: { id: id ?? '' }, pause: !id });
  if (!id || (fetching && !data)) return '';
  return data?.user?.displayName ?? data?.user?.email ?? '?';
}

interface Asked {
  label: string;
  id: string | undefined;
  onChoose(id: string | undefined): void;
}

export function PersonFinder({ label, id, onChoose }: Asked) {
  return (
    <Finder
      label={label} query={Found} variables={(text) => ({ text })} chosen={usePersonName(id)}
      options={({ users }) => (users?.nodes ?? []).map((each) => ({
        id: each.id, name: each.displayName ?? each.email ?? '?', more: each.email ?? undefined,
      }))}
      onChoose={(option) => onChoose(option?.id)}
    />
  );
}
