/** What rules may speak of, as the graph tells it. */
import { useQuery } from 'urql';

import { graphql } from '../graph';

export interface Field {
  name: string;
  doc: string;
  class: string | null;
  kind: string;
  /** Of a closed list, its values. */
  values: readonly string[];
  /** The type whose keys it holds. */
  keysOf: string | null;
  settable: boolean;
  masks: readonly string[];
}

export interface Relation {
  name: string;
  to: string;
  many: boolean;
}

export interface Type {
  name: string;
  key: readonly string[];
  fields: readonly Field[];
  relations: readonly Relation[];
}

export interface Attribute {
  name: string;
  kind: string;
  many: boolean;
  keysOf: string | null;
  listed: boolean;
}

export interface Terms {
  types: readonly Type[];
  operators: Record<string, readonly string[]>;
  lists: readonly string[];
  quantifiers: readonly string[];
  attributes: readonly Attribute[];
  actions: readonly string[];
  showing: readonly string[];
  writing: readonly string[];
  meant: readonly string[];
}

const Terms = graphql(`query Terms { policyTerms }`);

/** Null until they are there, and for those who read no policy. */
export function useTerms(): Terms | null {
  const [{ data }] = useQuery({ query: Terms });
  return (data?.policyTerms as Terms | null | undefined) ?? null;
}

export const CLASSES = ['PUBLIC', 'BUSINESS', 'CONTACT', 'IDENTITY', 'FINANCIAL', 'SENSITIVE', 'SECRET'] as const;

/** What all of some types have: fields of one kind and relations to one type. */
export function common(terms: Terms, on: readonly string[]): Pick<Type, 'fields' | 'relations'> {
  const types = terms.types.filter((type) => on.includes('all') || on.includes(type.name));
  const [first, ...others] = types;
  if (!first) return { fields: [], relations: [] };
  return {
    fields: first.fields.filter((field) => others.every((type) =>
      type.fields.some((each) => each.name === field.name && each.kind === field.kind && each.keysOf === field.keysOf))),
    relations: first.relations.filter((relation) => others.every((type) =>
      type.relations.some((each) => each.name === relation.name && each.to === relation.to && each.many === relation.many))),
  };
}
