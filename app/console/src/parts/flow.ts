/** Plain values on one line, as people type them: `region: EMEA, owner: me, orders: [{status: DRAFT}]`. */
import { parse, stringify, YAMLParseError } from 'yaml';

export class Unreadable extends Error {}

/** A value on one line; of a map or a list at the outside, what stands in it. */
export function shown(value: unknown): string {
  if (value === undefined) return '';
  const text = stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0, nullStr: '~' }).trimEnd();
  return typeof value === 'object' && value !== null ? text.slice(1, -1) : text;
}

/** The map that a line says. Raises Unreadable. */
export function readMap(text: string): Record<string, unknown> {
  return read(`{${text}}`) as Record<string, unknown>;
}

/** The list that a line says. Raises Unreadable. */
export function readList(text: string): unknown[] {
  return read(`[${text}]`) as unknown[];
}

function read(text: string): unknown {
  try {
    return parse(text);
  } catch (failure) {
    throw failure instanceof YAMLParseError ? new Unreadable(failure.message) : failure;
  }
}
