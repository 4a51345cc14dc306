/** A rule as documents have it, and in a sentence. */
import type { Phrases } from './words';
import { conditionInWords } from './condition';

export interface Rule {
  allow?: readonly string[];
  deny?: readonly string[];
  on: string | readonly string[];
  when?: Record<string, unknown>;
  fields?: 'all' | { classes?: readonly string[]; names?: readonly string[] };
  mask?: Record<string, string>;
  preset?: Record<string, unknown>;
  meant?: readonly string[];
}

const MOST = 8;

/** `a, b and c`; of many the first few, and how many more there are. */
export function listed(names: readonly string[], phrases: Phrases, most = MOST): string {
  if (names.length > most + 1) {
    const more = phrases.more.replace('{n}', String(names.length - most));
    return names.slice(0, most).join(phrases.comma) + more;
  }
  const last = names.at(-1) ?? '';
  return names.length > 1 ? names.slice(0, -1).join(phrases.comma) + phrases.and + last : last;
}

export function named(on: Rule['on']): readonly string[] {
  return typeof on === 'string' ? [on] : on;
}

/** What a rule says, for people. */
export function ruleInWords(rule: Rule, phrases: Phrases): string {
  const denies = (rule.deny?.length ?? 0) > 0;
  const actions = (denies ? rule.deny : rule.allow) ?? [];
  const about = named(rule.on);
  const on = about.includes('all') ? phrases.everything : listed(about, phrases);
  const verbs = listed(actions.map((each) => phrases.actions[each] ?? each), phrases);
  const head = (denies ? phrases.mayNever : phrases.may).replace('{actions}', verbs).replace('{on}', on);
  const where = rule.when ? phrases.where.replace('{when}', conditionInWords(rule.when, phrases)) : '';
  const parts = [fieldsInWords(rule, phrases), masksInWords(rule, phrases), presetsInWords(rule, phrases)].filter(Boolean);
  return head + where + (parts.length > 0 ? phrases.colon + parts.join(phrases.semicolon) : '') + phrases.stop;
}

function fieldsInWords({ fields, deny }: Rule, phrases: Phrases): string {
  if (fields === undefined) return deny?.length ? phrases.wholeRow : '';
  if (fields === 'all') return deny?.length ? phrases.wholeRow : phrases.allFields;
  const classes = (fields.classes ?? []).map((each) => phrases.classes[each] ?? each);
  const parts = classes.length > 0 ? [phrases.data.replace('{classes}', listed(classes, phrases))] : [];
  return listed([...parts, ...(fields.names ?? [])], phrases, 12);
}

function masksInWords({ mask }: Rule, phrases: Phrases): string {
  const masks = Object.entries(mask ?? {});
  if (masks.length === 0) return '';
  const said = masks.map(([name, by]) =>
    phrases.maskedBy.replace('{field}', phrases.classes[name] ?? name).replace('{mask}', phrases.masks[by] ?? by));
  return phrases.masked.replace('{masks}', listed(said, phrases));
}

function presetsInWords({ preset }: Rule, phrases: Phrases): string {
  const presets = Object.entries(preset ?? {}).map(([name, value]) => `${name} = ${phrases.attributes[String(value)] ?? String(value)}`);
  return presets.length > 0 ? phrases.sets.replace('{presets}', listed(presets, phrases)) : '';
}
