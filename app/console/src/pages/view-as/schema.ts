/** An operation without what a schema lacks: of somebody whose schema holds only what he or she can ever see. */
import type { DocumentNode, FieldNode, OperationDefinitionNode, SelectionNode, SelectionSetNode } from 'graphql';
import { stringifyDocument } from 'urql';

interface Wrapped { name: string | null; ofType?: Wrapped | null }
interface Type { fields: readonly { name: string; type: Wrapped }[] | null; possibleTypes: readonly { name: string }[] | null }
export interface Told { __schema: { types: readonly (Type & { name: string })[] } }
type Schema = Record<string, Type | undefined>;

/** Asks which types there are, and of which fields. */
export const INTROSPECTION = `{
  __schema { types { name fields { name type { name ofType { name ofType { name ofType { name } } } } } possibleTypes { name } } }
}`;

function named(type: Wrapped): string {
  return type.name ?? (type.ofType ? named(type.ofType) : '');
}

function left(set: SelectionSetNode, of: string, schema: Schema): SelectionSetNode | null {
  const selections = set.selections.map((each) => kept(each, of, schema)).filter((each) => each !== null);
  return selections.some((each) => each.kind !== 'Field' || each.name.value !== '__typename') ? { ...set, selections } : null;
}

function kept(selection: SelectionNode, of: string, schema: Schema): SelectionNode | null {
  if (selection.kind === 'FragmentSpread') return null;
  if (selection.kind === 'Field' && selection.name.value.startsWith('__')) return selection;
  const inside = selection.kind === 'Field' ? fieldType(selection, of, schema) : fragmentType(selection.typeCondition?.name.value ?? of, of, schema);
  if (inside === null || !selection.selectionSet) return inside === null ? null : selection;
  const selectionSet = left(selection.selectionSet, inside, schema);
  return selectionSet && { ...selection, selectionSet };
}

function fieldType(field: FieldNode, of: string, schema: Schema): string | null {
  const found = schema[of]?.fields?.find((each) => each.name === field.name.value);
  return found ? named(found.type) : null;
}

function fragmentType(on: string, of: string, schema: Schema): string | null {
  return schema[of]?.possibleTypes?.some((each) => each.name === on) ? on : null;
}

/** The text of what is left of an operation; null: nothing is. */
export function fitted(document: DocumentNode, { __schema: { types } }: Told): string | null {
  const schema: Schema = Object.fromEntries(types.map((each) => [each.name, each]));
  const operation = document.definitions.find((each): each is OperationDefinitionNode => each.kind === 'OperationDefinition')!;
  const selectionSet = left(operation.selectionSet, 'Query', schema);
  if (!selectionSet) return null;
  const used = stringifyDocument({ ...document, definitions: [{ ...operation, variableDefinitions: [], selectionSet }] });
  const variableDefinitions = operation.variableDefinitions!.filter((each) => used.includes(`$${each.variable.name.value}`));
  return stringifyDocument({ ...document, definitions: [{ ...operation, variableDefinitions, selectionSet }] });
}
