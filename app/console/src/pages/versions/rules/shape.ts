/** A rule as the form has it, and as documents have it. */
import { isWhole, named, read, write, type Condition, type Rule } from '../../../parts/sentences';
import type { Field, Terms } from '../../../parts/terms';

/** Rules written out of what the form has say everything in lists; what stays as it was written, stays so. */
export interface Form {
  effect: 'allow' | 'deny';
  actions: readonly string[];
  on: readonly string[];
  /** Null: the rule speaks of all fields, or of the record. */
  fields: { classes: readonly string[]; names: readonly string[] } | null;
  mask: Readonly<Record<string, string>> | null;
  when: Condition | null;
  preset: Readonly<Record<string, unknown>>;
  meant: readonly string[];
}

export const EMPTY: Form = { effect: 'allow', actions: ['read'], on: [], fields: { classes: [], names: [] }, mask: null, when: null, preset: {}, meant: [] };

export function formOf(rule: Rule): Form {
  const fields = rule.fields;
  return {
    effect: rule.deny?.length ? 'deny' : 'allow',
    actions: rule.deny?.length ? rule.deny : rule.allow ?? [],
    on: named(rule.on),
    fields: fields && fields !== 'all' ? { classes: fields.classes ?? [], names: fields.names ?? [] } : null,
    mask: rule.mask ?? null,
    when: rule.when ? grouped(read(rule.when)) : null,
    preset: rule.preset ?? {},
    meant: rule.meant ?? [],
  };
}

export function grouped(condition: Condition): Condition {
  return condition.is === 'all' || condition.is === 'any' ? condition : { is: 'all', parts: [condition] };
}

/** The rule that a form says; of the rule that it was, what says the same stays as it is written. */
export function ruleOf(form: Form, was: Rule | null): Rule {
  const simulates = form.actions.includes('simulate');
  const fields = form.fields ? { ...kept('classes', form.fields.classes), ...kept('names', form.fields.names) } : 'all';
  const made: Rule = {
    [form.effect]: form.actions,
    on: form.on.length === 1 ? form.on[0]! : form.on,
    ...(form.when && form.when.is !== 'compared' && form.when.is !== 'related' && form.when.parts.length > 0 && { when: write(form.when) }),
    ...(!simulates && (form.fields !== null || form.effect === 'allow') && { fields }),
    ...(form.mask && form.effect === 'allow' && { mask: form.mask }),
    ...(Object.keys(form.preset).length > 0 && form.effect === 'allow' && { preset: form.preset }),
    ...kept('meant', form.meant),
  };
  if (was === null) return made;
  const before = JSON.stringify(formOf(was).when);
  if (made.when && before === JSON.stringify(form.when)) made.when = was.when!;
  if (JSON.stringify(named(was.on)) === JSON.stringify(form.on)) made.on = was.on;
  return made;
}

function kept(name: string, values: readonly string[]) {
  return values.length > 0 ? { [name]: values } : {};
}

/** Whether nothing is left open in a form. */
export function isReady(form: Form): boolean {
  const hasFields = form.fields === null || form.fields.classes.length + form.fields.names.length > 0;
  return form.actions.length > 0 && form.on.length > 0 && hasFields && (form.when === null || isWhole(form.when));
}

/** The fields that any of some types have, by name. */
export function fieldsOf(terms: Terms, on: readonly string[]): Field[] {
  const found = new Map<string, Field>();
  for (const type of terms.types) {
    if (!on.includes('all') && !on.includes(type.name)) continue;
    for (const field of type.fields) if (!found.has(field.name) && !type.key.includes(field.name)) found.set(field.name, field);
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}
