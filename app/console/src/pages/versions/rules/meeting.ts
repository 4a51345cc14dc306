/** A rule of mine, and the rules that somebody else has left: what they changed, and how both can be kept. */
import type { Rule } from '../../../parts/sentences';
import type { Unsent } from './rule-form';

export interface Meeting {
  changes: readonly { is: 'added' | 'removed'; rule: Rule }[];
  /** What became of the rule that I change: as it is now; null where it is gone, or was not there. */
  theirs: Rule | null;
  /** Where mine goes in its place; null: behind the others. */
  index: number | null;
  both: { rule: Rule; index: number | null; how: 'apart' | 'together' | 'beside' };
}

const text = (value: unknown): string => JSON.stringify(value, (_, each: unknown) =>
  typeof each === 'object' && each !== null && !Array.isArray(each)
    ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
    : each);

/** What is in one list of rules and not in another. */
function without(rules: readonly Rule[], others: readonly Rule[]): Rule[] {
  const left = others.map(text);
  return rules.filter((rule) => {
    const at = left.indexOf(text(rule));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

export function met(unsent: Unsent, mine: Rule, now: readonly Rule[]): Meeting {
  const changes = [
    ...without(unsent.rules, now).map((rule) => ({ is: 'removed' as const, rule })),
    ...without(now, unsent.rules).map((rule) => ({ is: 'added' as const, rule })),
  ];
  if (unsent.was === null) return { changes, theirs: null, index: null, both: { rule: mine, index: null, how: 'apart' } };
  const { was } = unsent;
  const same = now.findIndex((rule) => text(rule) === text(was));
  if (same >= 0) return { changes, theirs: was, index: same, both: { rule: mine, index: same, how: 'apart' } };
  const index = now.length === unsent.rules.length ? unsent.index : now.findIndex((rule) => isSuccessor(rule, was));
  const theirs = index !== null && index >= 0 ? now[index] ?? null : null;
  if (theirs === null) return { changes, theirs, index: null, both: { rule: mine, index: null, how: 'beside' } };
  const together = combined(was, mine, theirs);
  const both = together ? { rule: together, index, how: 'together' as const } : { rule: mine, index: null, how: 'beside' as const };
  return { changes, theirs, index, both };
}

/** Whether a rule is what another may have become: of the same effect, on the same types. */
function isSuccessor(rule: Rule, was: Rule): boolean {
  return !rule.deny === !was.deny && text(rule.on) === text(was.on);
}

/** One rule with what both changed; null where both changed the same part otherwise. */
function combined(was: Rule, mine: Rule, theirs: Rule): Rule | null {
  const [a, b, c] = [was, mine, theirs] as unknown as [Record<string, unknown>, Record<string, unknown>, Record<string, unknown>];
  const made: Record<string, unknown> = {};
  for (const name of new Set([a, b, c].flatMap(Object.keys))) {
    const [before, my, their] = [a[name], b[name], c[name]];
    if (text(my) !== text(before) && text(their) !== text(before) && text(my) !== text(their)) return null;
    const value = text(my) !== text(before) ? my : their;
    if (value !== undefined) made[name] = value;
  }
  return made as unknown as Rule;
}
