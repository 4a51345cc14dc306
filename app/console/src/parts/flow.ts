/** Plain values on one line, as people type them: `region: EMEA, owner: me, orders: [{status: DRAFT}]`. */

type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

const NUMBER = /^-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const WORDS: Record<string, boolean | null> = { true: true, false: false, null: null, '~': null };

export class Unreadable extends Error {}

function scalar(text: string): string {
  const needsQuotes = text === '' || text !== text.trim() || NUMBER.test(text) || text in WORDS || /[,:{}[\]"'#]|^[-?&*!|>%@`]/.test(text);
  return needsQuotes ? JSON.stringify(text) : text;
}

/** A value on one line; of a map or a list at the outside, what stands in it. */
export function shown(value: unknown, isInside = false): string {
  if (Array.isArray(value)) {
    const items = value.map((each) => shown(each, true)).join(', ');
    return isInside ? `[${items}]` : items;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([name, each]) => `${scalar(name)}: ${shown(each, true)}`).join(', ');
    return isInside ? `{${entries}}` : entries;
  }
  if (typeof value === 'string') return scalar(value);
  return value === undefined ? '' : String(value === null ? '~' : value);
}

/** The map that a line says. Raises Unreadable. */
export function readMap(text: string): Record<string, Value> {
  return new Reader(`{${text}}`).whole() as Record<string, Value>;
}

/** The list that a line says. Raises Unreadable. */
export function readList(text: string): Value[] {
  return new Reader(`[${text}]`).whole() as Value[];
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  whole(): Value {
    const value = this.value();
    this.space();
    if (this.at < this.text.length) throw new Unreadable(this.text.slice(this.at));
    return value;
  }

  private space() {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }

  private takes(sign: string): boolean {
    this.space();
    if (this.text[this.at] !== sign) return false;
    this.at++;
    return true;
  }

  private value(): Value {
    if (this.takes('{')) return this.several('}', () => this.entry(), (entries) => Object.fromEntries(entries as [string, Value][]));
    if (this.takes('[')) return this.several(']', () => this.value(), (items) => items as Value[]);
    return this.scalar(/[,{}[\]]/);
  }

  private several(end: string, one: () => unknown, made: (all: unknown[]) => Value): Value {
    const all: unknown[] = [];
    while (!this.takes(end)) {
      all.push(one());
      this.space();
      if (this.text[this.at] !== end && !this.takes(',')) throw new Unreadable(this.text.slice(this.at));
    }
    return made(all);
  }

  private entry(): [string, Value] {
    const name = this.scalar(/[:,{}[\]]/);
    if (!this.takes(':')) throw new Unreadable(String(name));
    return [String(name), this.value()];
  }

  private scalar(end: RegExp): Value {
    this.space();
    if (this.text[this.at] === '"') return this.quoted();
    const start = this.at;
    while (this.at < this.text.length && !end.test(this.text[this.at]!)) this.at++;
    const found = this.text.slice(start, this.at).trim();
    if (found === '') throw new Unreadable(this.text.slice(start));
    if (found in WORDS) return WORDS[found] ?? null;
    return NUMBER.test(found) ? Number(found) : found;
  }

  private quoted(): string {
    const found = /^"(?:[^"\\]|\\.)*"/.exec(this.text.slice(this.at))?.[0];
    if (!found) throw new Unreadable(this.text.slice(this.at));
    this.at += found.length;
    return JSON.parse(found) as string;
  }
}
