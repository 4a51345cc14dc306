/** A condition as documents have it: a map of fields with operators, relations, AND and OR. As a tree, and in words. */
import type { Phrases } from './words';

export type Condition =
  | { is: 'all' | 'any'; parts: readonly Condition[] }
  | { is: 'compared'; field: string; operator: string; value: unknown }
  | { is: 'related'; relation: string; quantifier: string | null; part: Condition };

type Written = Record<string, unknown>;

const OPERATORS = new Set([
  'eq', 'neq', 'in', 'notIn', 'gt', 'gte', 'lt', 'lte', 'between', 'startsWith', 'contains', 'within', 'isNull', 'currency',
]);
const QUANTIFIERS = new Set(['some', 'none', 'every']);

const isMap = (value: unknown): value is Written => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The tree of what is written. */
export function read(written: unknown): Condition {
  const parts = isMap(written) ? Object.entries(written).flatMap(([name, value]) => entry(name, value)) : [];
  return parts.length === 1 ? parts[0]! : { is: 'all', parts };
}

function entry(name: string, value: unknown): Condition[] {
  if ((name === 'AND' || name === 'OR') && Array.isArray(value)) {
    return [{ is: name === 'AND' ? 'all' : 'any', parts: value.map(read) }];
  }
  const inner = isMap(value) ? value : {};
  const names = Object.keys(inner);
  if (names.length > 0 && names.every((each) => QUANTIFIERS.has(each))) {
    return names.map((each) => ({ is: 'related', relation: name, quantifier: each, part: read(inner[each]) }));
  }
  if (names.length > 0 && names.every((each) => OPERATORS.has(each))) return compared(name, inner);
  return [{ is: 'related', relation: name, quantifier: null, part: read(inner) }];
}

function compared(field: string, inner: Written): Condition[] {
  const { currency, ...others } = inner;
  return Object.entries(others).map(([operator, value]) => ({
    is: 'compared', field, operator, value: currency === undefined ? value : { amount: value, currency },
  }));
}

/** What is written for a tree. */
export function write(condition: Condition): Written {
  if (condition.is === 'compared') return { [condition.field]: operation(condition.operator, condition.value) };
  if (condition.is === 'related') {
    const inner = write(condition.part);
    return { [condition.relation]: condition.quantifier ? { [condition.quantifier]: inner } : inner };
  }
  const parts = condition.parts.map(write);
  if (parts.length === 1) return parts[0]!;
  if (condition.is === 'any') return { OR: parts };
  const names = parts.flatMap(Object.keys);
  return new Set(names).size === names.length ? Object.assign({}, ...parts) as Written : { AND: parts };
}

function operation(operator: string, value: unknown): Written {
  if (isMap(value) && 'currency' in value) return { [operator]: value['amount'], currency: value['currency'] };
  return { [operator]: value };
}

/** Whether nothing in it is left open. */
export function isWhole(condition: Condition): boolean {
  if (condition.is === 'compared') return condition.field !== '' && condition.operator !== '' && isGiven(condition.value);
  if (condition.is === 'related') return condition.relation !== '' && isWhole(condition.part);
  return condition.parts.length > 0 && condition.parts.every(isWhole);
}

function isGiven(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isMap(value)) return Object.values(value).every(isGiven);
  return value !== '' && value !== undefined && value !== null;
}

export function conditionInWords(written: Written, phrases: Phrases): string {
  return inWords(read(written), phrases);
}

export function inWords(condition: Condition, phrases: Phrases, within = false): string {
  if (condition.is === 'compared') return comparedInWords(condition, phrases);
  if (condition.is === 'related') {
    const phrase = condition.quantifier ? phrases.quantified[condition.quantifier]! : phrases.related;
    return phrase.replace('{relation}', condition.relation).replace('{when}', inWords(condition.part, phrases));
  }
  const joined = condition.parts.map((part) => inWords(part, phrases, true)).join(condition.is === 'all' ? phrases.andAlso : phrases.or);
  return within && condition.parts.length > 1 ? `(${joined})` : joined;
}

function comparedInWords({ field, operator, value }: Condition & { is: 'compared' }, phrases: Phrases): string {
  if (operator === 'isNull') return (value === false ? phrases.notEmpty : phrases.empty).replace('{field}', field);
  const phrase = phrases.operators[operator] ?? operator;
  return phrase.replace('{field}', field).replace('{value}', valueInWords(value, phrases));
}

export function valueInWords(value: unknown, phrases: Phrases): string {
  if (Array.isArray(value)) return value.map((each) => valueInWords(each, phrases)).join(phrases.comma);
  if (isMap(value) && 'currency' in value) return `${valueInWords(value['amount'], phrases)} ${String(value['currency'])}`;
  if (isMap(value)) return `${String(value['from'])} – ${String(value['to'])}`;
  if (typeof value === 'boolean') return value ? phrases.yes : phrases.no;
  return phrases.attributes[String(value)] ?? (value === '' ? '…' : String(value));
}
