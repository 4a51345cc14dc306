/** Values as they are written in the language that is spoken. */
import type { Language, Words } from '../words';

export interface Writing {
  language: Language;
  words: Words;
  /** What a value of a closed list is called. */
  called?: ((value: string) => string) | undefined;
}

const MOMENT = /^\d{4}-\d\d-\d\d[T ]\d\d:/;
const DATE = /^\d{4}-\d\d-\d\d$/;

function textual(value: string, { language, called }: Writing): string {
  if (MOMENT.test(value)) return new Date(value.replace(' ', 'T')).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });
  if (DATE.test(value)) return new Date(`${value}T00:00`).toLocaleDateString(language, { dateStyle: 'medium' });
  return called ? called(value) : value;
}

function amount(value: Record<string, unknown>, language: Language): string {
  const number = Number(value['amount'] ?? value['base']);
  const style = value['currency'] ? { style: 'currency', currency: String(value['currency']) } as const : { maximumFractionDigits: 2 };
  return new Intl.NumberFormat(language, style).format(number);
}

/** A moment as it is typed, in local time; empty where there is none. */
export function typed(at: string | number | null | undefined): string {
  if (!at) return '';
  const moment = new Date(at);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** A value of the graph as text; empty where there is none. */
export function written(value: unknown, writing: Writing): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? writing.words.yes : writing.words.no;
  if (typeof value === 'number') return value.toLocaleString(writing.language);
  if (typeof value === 'string') return textual(value, writing);
  if (Array.isArray(value)) return value.map((each) => written(each, writing)).join(writing.words.apart);
  const found = value as Record<string, unknown>;
  if ('displayName' in found || 'name' in found) return String(found['displayName'] ?? found['name'] ?? '');
  if ('base' in found || 'amount' in found) return found['base'] === null || found['amount'] === null ? '' : amount(found, writing.language);
  return JSON.stringify(value);
}
