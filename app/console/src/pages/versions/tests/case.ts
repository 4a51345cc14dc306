/** A case of a table of tests as documents have it, and as it is typed. */
import { readList, readMap, shown } from '../../../parts/flow';

export interface Case {
  as?: unknown;
  on?: unknown;
  row?: unknown;
  expect?: string;
  plain?: unknown;
  masked?: unknown;
  withheld?: unknown;
  may?: unknown;
  mayNot?: unknown;
  because?: string;
}

export interface Table {
  people: Record<string, { role?: string; roles?: readonly { role: string }[] }>;
  cases: readonly { line: number; case: Case }[];
}

export const COLUMNS = ['as', 'on', 'row', 'expect', 'plain', 'masked', 'withheld', 'may', 'mayNot', 'because'] as const;
export type Column = (typeof COLUMNS)[number];
export type Typed = Record<Column, string>;

export function typedOf(of: Case): Typed {
  return Object.fromEntries(COLUMNS.map((name) => [name, name === 'because' ? of.because ?? '' : text(of[name])])) as Typed;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : shown(value));

/** The case that is typed; what says the same as before stays as it was. Raises Unreadable. */
export function caseOf(typed: Typed, was: Case | null): Case {
  const before = was ? typedOf(was) : null;
  const made: Record<string, unknown> = {};
  for (const name of COLUMNS) {
    const said = typed[name].trim();
    if (before && before[name] === typed[name]) {
      if (was?.[name] !== undefined) made[name] = was[name];
    } else if (said !== '' && !(name === 'expect' && said === 'visible')) made[name] = read(name, said);
  }
  return made as Case;
}

function read(name: Column, said: string): unknown {
  if (name === 'because' || name === 'expect') return said;
  if (name === 'row' || (name === 'masked' && said.includes(':'))) return readMap(said);
  const list = name === 'as' && !said.includes('{') ? said.split(',').map((each) => each.trim()).filter(Boolean) : readList(said);
  return list.length === 1 ? list[0] : list;
}
