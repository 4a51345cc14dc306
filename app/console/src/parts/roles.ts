/** What roles are called, by code. */
import { useQuery } from 'urql';

import { graphql } from '../graph';

const Roles = graphql(`query RoleNames { roles(first: 100, orderBy: [{ field: NAME }]) { nodes { id code name } } }`);

export interface Role { id: string; code: string; name: string }

/** The roles in view, by name; what is not in view is called by its code. */
export function useRoles(): { all: readonly Role[]; name(code: string): string } {
  const [{ data }] = useQuery({ query: Roles, variables: {} });
  const all = (data?.roles?.nodes ?? []).map(({ id, code, name }) => ({ id, code: code ?? '', name: name ?? code ?? '' }));
  return { all, name: (code) => all.find((each) => each.code === code)?.name ?? code };
}
