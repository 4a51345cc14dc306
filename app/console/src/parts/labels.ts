/** What fields, and the values of closed lists, are called in the language that is spoken: asked of the graph once for each type. */
import { useMemo } from 'react';
import { gql, useQuery } from 'urql';

interface Form {
  fields: readonly { name: string; label: string; options: readonly { value: string; label: string }[] | null }[];
}

export interface Labels {
  field(type: string, name: string): string;
  value(type: string, name: string, value: string): string;
}

const entity = (type: string) => type.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();

/** `annualRevenue` → `Annual revenue`: what is said until the graph has told, or of what it does not tell. */
export function spelled(name: string): string {
  const words = name.replace(/_/g, ' ').replace(/(?<=[a-z])(?=[A-Z0-9])/g, ' ').toLowerCase();
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

export function useLabels(types: readonly string[]): Labels {
  const wanted = [...types].sort().join(' ');
  const query = useMemo(() => gql<Record<string, Form | null>, object>(
    `query Labels { ${wanted.split(' ').map((type) => `${type}: formSchema(entity: ${entity(type)}) { fields { name label options { value label } } }`).join(' ')} }`,
  ), [wanted]);
  const [{ data }] = useQuery({ query, variables: {}, pause: wanted === '' });
  return useMemo(() => {
    const found = new Map<string, string>();
    for (const [type, form] of Object.entries(data ?? {})) {
      for (const { name, label, options } of form?.fields ?? []) {
        found.set(`${type} ${name}`, label);
        for (const option of options ?? []) found.set(`${type} ${name} ${option.value}`, option.label);
      }
    }
    return {
      field: (type, name) => found.get(`${type} ${name}`) ?? spelled(name),
      value: (type, name, value) => found.get(`${type} ${name} ${value}`) ?? value,
    };
  }, [data]);
}
