/** The rows of the matrix: types with their fields, as far as they are chosen. */
import type { Terms } from '../../parts/terms';

export interface Row {
  type: string;
  /** Null: the row is the type's own. */
  field: string | null;
  class: string | null;
}

export interface Filters {
  class?: string | undefined;
  type?: string | undefined;
  text?: string | undefined;
}

export function rowsOf(terms: Terms, filters: Filters, label: (type: string, field: string) => string): Row[] {
  const text = filters.text?.toLowerCase() ?? '';
  return terms.types.filter(({ name }) => !filters.type || name === filters.type).flatMap((type) => {
    const ofType = type.name.toLowerCase().includes(text);
    const fields = type.fields.filter((field) =>
      (!filters.class || field.class === filters.class)
      && (ofType || field.name.toLowerCase().includes(text) || label(type.name, field.name).toLowerCase().includes(text)));
    if (fields.length === 0) return [];
    return [{ type: type.name, field: null, class: null }, ...fields.map((field) => ({ type: type.name, field: field.name, class: field.class }))];
  });
}
