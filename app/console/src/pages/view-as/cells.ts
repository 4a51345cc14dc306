/** What is seen of each field by whom, beside what the asker sees: of plain values, and of nothing else, a page is drawn. */
import type { FieldNode, SelectionSetNode } from 'graphql';

import type { Seen } from './looking';
import { Around, LISTS } from './operation';

/** `unseen`: the row is not seen. `beyond`: the person sees it, and the asker does not, or less of it. */
export type How = 'plain' | 'masked' | 'withheld' | 'beyond' | 'unseen';
export interface Cell { how: How; value: unknown }
export interface Line { field: string; cells: readonly Cell[]; differs: boolean }
export interface Rec { id: string; type: string; title: unknown; seen: readonly boolean[]; lines: readonly Line[]; differs: boolean }
export interface Part { name: string; type: string; yours: number; counts: readonly number[]; records: readonly Rec[] }

type Row = Record<string, unknown> & { id: string; access?: { masked: string[]; withheld: string[] } };
interface List { totalCount: number; nodes: Row[] }
type Customer = Record<string, unknown>;

const UNSHOWN = ['id', 'access'];
const APART = [...UNSHOWN, 'overview', 'timeline', ...Object.keys(LISTS)];

function within(set: SelectionSetNode | undefined, name: string): SelectionSetNode | undefined {
  const found = set?.selections.find((each): each is FieldNode => each.kind === 'Field' && each.name.value === name);
  return found?.selectionSet;
}

/** The fields that are asked for along a way, but for those that are drawn otherwise. */
function fields(apart: readonly string[], ...way: string[]): string[] {
  const operation = Around.definitions.find((each) => each.kind === 'OperationDefinition')!;
  const set = way.reduce<SelectionSetNode | undefined>(within, operation.selectionSet);
  const names = (set?.selections ?? []).map((each) => each.kind === 'Field' ? each.name.value : '');
  return names.filter((name) => name && !apart.includes(name));
}

const OF_CUSTOMER = fields(APART, 'customer');
const OF_LISTS = Object.fromEntries(Object.keys(LISTS).map((list) => [list, fields(UNSHOWN, 'customer', list, 'nodes')]));
const FIGURES = fields(UNSHOWN, 'customer', 'overview');

function cell(field: string, row: Row | undefined, yours: Row): Cell {
  if (!row) return { how: 'unseen', value: null };
  const value = row[field];
  if (row.access?.masked.includes(field)) return { how: 'masked', value };
  if (row.access?.withheld.includes(field) || !(field in row)) return { how: 'withheld', value: null };
  const isYours = !yours.access?.masked.includes(field) && !yours.access?.withheld.includes(field);
  return { how: isYours ? 'plain' : 'beyond', value };
}

function differ(cells: readonly Cell[]): boolean {
  return new Set(cells.map(({ how, value }) => JSON.stringify([how, value ?? null]))).size > 1;
}

function line(field: string, rows: readonly (Row | undefined)[], yours: Row): Line {
  const cells = rows.map((row) => cell(field, row, yours));
  return { field, cells, differs: differ(cells.filter(({ how }) => how !== 'unseen')) };
}

function record(type: string, names: readonly string[], yours: Row, rows: readonly (Row | undefined)[]): Rec {
  const lines = names.map((name) => line(name, rows, yours));
  const seen = rows.map(Boolean);
  return { id: yours.id, type, title: yours[names[0]!], seen, lines, differs: new Set(seen).size > 1 || lines.some((each) => each.differs) };
}

/** The customer's own fields. */
export function itself(yours: Seen, looks: readonly Seen[]): Rec {
  return record('Customer', OF_CUSTOMER, yours.customer as Row, looks.map((each) => (each.customer ?? undefined) as Row | undefined));
}

/** The lists around the customer: the rows that the asker sees. */
export function lists(yours: Seen, looks: readonly Seen[]): Part[] {
  return Object.entries(LISTS).map(([name, type]) => {
    const of = (seen: Seen) => (seen.customer as Customer | null)?.[name] as List | undefined;
    const found = looks.map((each) => new Map((of(each)?.nodes ?? []).map((row) => [row.id, row])));
    const rows = of(yours)!.nodes.map((row) => record(type, OF_LISTS[name]!, row, found.map((each) => each.get(row.id))));
    return { name, type, yours: of(yours)!.totalCount, counts: looks.map((each) => of(each)?.totalCount ?? 0), records: rows };
  });
}

/** The figures of the overview. */
export function figures(yours: Seen, looks: readonly Seen[]): Line[] {
  const of = (seen: Seen) => seen.customer?.overview as unknown as Row | undefined;
  return FIGURES.map((name) => {
    const cells = looks.map((each): Cell => {
      if (!each.customer) return { how: 'unseen', value: null };
      const value = of(each)?.[name];
      const isNone = value === null || value === undefined;
      return isNone && (of(yours)?.[name] ?? null) !== null ? { how: 'withheld', value: null } : { how: 'plain', value };
    });
    return { field: name, cells, differs: differ(cells.filter(({ how }) => how !== 'unseen')) };
  });
}

export interface Entry { id: string; type: string; at: string; what: string; seen: readonly boolean[]; differs: boolean }

/** What happened: what of it is seen by whom. */
export function happened(yours: Seen, looks: readonly Seen[]): Entry[] {
  const ids = looks.map((each) => new Set((each.customer?.timeline?.edges ?? []).map(({ node }) => node.id)));
  return (yours.customer?.timeline.edges ?? []).map(({ at, node }) => {
    const seen = ids.map((each) => each.has(node.id));
    const what = 'what' in node ? node.what : 'campaign' in node ? node.campaign?.name : null;
    return { id: node.id, type: node.__typename, at, what: what ?? '', seen, differs: new Set(seen).size > 1 };
  });
}
