/** Of which fields a rule speaks: all, whole data classes, single ones; and how those are shown that are masked. */
import { useState } from 'react';

import { CLASSES, type Field, type Terms } from '../../../parts/terms';
import { usePhrases } from '../../../parts/sentences';
import { said, useSpoken } from '../../../words';
import { fieldsOf, type Form } from './shape';
import { words as spoken } from './words';

interface Edited {
  terms: Terms;
  form: Form;
  onChange(form: Form): void;
}

const toggled = (list: readonly string[], name: string, on: boolean) => (on ? [...list, name] : list.filter((each) => each !== name));

export function FieldsEditor({ terms, form, onChange }: Edited) {
  const words = useSpoken(spoken);
  if (form.actions.includes('simulate')) return <p className="quiet">{words.simulates}</p>;
  const isDeny = form.effect === 'deny';
  return (
    <>
      <div className="choose">
        <label className="check">
          <input type="radio" name="which" checked={form.fields === null} onChange={() => onChange({ ...form, fields: null })} />
          {isDeny ? words.wholeRecord : words.allFields}
        </label>
        <label className="check">
          <input type="radio" name="which" checked={form.fields !== null} onChange={() => onChange({ ...form, fields: form.fields ?? { classes: [], names: [] } })} />
          {words.chosenFields}
        </label>
      </div>
      {form.fields && <Chosen terms={terms} form={form} fields={form.fields} onChange={onChange} />}
      {!isDeny && form.actions.every((each) => terms.showing.includes(each)) && <Masks terms={terms} form={form} onChange={onChange} />}
    </>
  );
}

function Chosen({ terms, form, fields, onChange }: Edited & { fields: NonNullable<Form['fields']> }) {
  const words = useSpoken(spoken);
  const phrases = usePhrases();
  const [text, setText] = useState('');
  const [first] = useState(fields.names);
  const known = fieldsOf(terms, form.on);
  const count = (name: string) => known.filter((each) => each.class === name).length;
  const set = (next: Partial<NonNullable<Form['fields']>>) => onChange(pruned({ ...form, fields: { ...fields, ...next } }));
  const shown = known
    .filter(({ name }) => fields.names.includes(name) || name.toLowerCase().includes(text.toLowerCase()))
    .sort((a, b) => Number(first.includes(b.name)) - Number(first.includes(a.name)));
  return (
    <>
      <div className="choose" role="group" aria-label={words.classes}>
        {CLASSES.map((name) => (
          <label key={name} className="check">
            <input type="checkbox" checked={fields.classes.includes(name)} onChange={(event) => set({ classes: toggled(fields.classes, name, event.target.checked) })} />
            {phrases.classes[name]} <span className="quiet">{count(name)}</span>
          </label>
        ))}
      </div>
      <details open={fields.names.length > 0}>
        <summary>{said(words.singleFields, { n: fields.names.length })}</summary>
        <label className="search">{words.find}<input value={text} onChange={(event) => setText(event.target.value)} /></label>
        <div className="choose many" role="group" aria-label={words.fields}>
          {shown.map((field) => (
            <label key={field.name} className="check" title={field.doc}>
              <input type="checkbox" checked={fields.names.includes(field.name)} onChange={(event) => set({ names: toggled(fields.names, field.name, event.target.checked) })} />
              {field.name} <span className="quiet">{phrases.classes[field.class ?? ''] ?? words.noClass}</span>
            </label>
          ))}
        </div>
      </details>
    </>
  );
}

/** A form whose masks are of what it speaks of alone. */
function pruned(form: Form): Form {
  if (!form.mask || !form.fields) return form;
  const targets = new Set([...form.fields.classes, ...form.fields.names]);
  return { ...form, mask: Object.fromEntries(Object.entries(form.mask).filter(([name]) => targets.has(name))) };
}

function Masks({ terms, form, onChange }: Edited) {
  const words = useSpoken(spoken);
  const phrases = usePhrases();
  const known = new Map(fieldsOf(terms, form.on).map((field) => [field.name, field]));
  const targets = form.fields ? [...form.fields.classes, ...form.fields.names] : [...CLASSES].filter((each) => each !== 'SECRET');
  const begin = () => Object.fromEntries(targets.map((name) => [name, known.get(name)?.masks[0] ?? 'redact']));
  return (
    <fieldset>
      <legend>{words.shownHow}</legend>
      <div className="choose">
        <label className="check"><input type="radio" name="mask" checked={form.mask === null} onChange={() => onChange({ ...form, mask: null })} />{words.plain}</label>
        <label className="check"><input type="radio" name="mask" checked={form.mask !== null} onChange={() => onChange({ ...form, mask: form.mask ?? begin() })} />{words.masked}</label>
      </div>
      {form.mask && targets.map((name) => (
        <label key={name} className="mask">
          <span>{phrases.classes[name] ?? name}</span>
          <select value={form.mask?.[name] ?? ''} onChange={(event) => onChange({ ...form, mask: withMask(form.mask ?? {}, name, event.target.value) })}>
            <option value="">{words.withheld}</option>
            {masksFor(known.get(name)).map((mask) => <option key={mask} value={mask}>{phrases.masks[mask] ?? mask}</option>)}
          </select>
        </label>
      ))}
    </fieldset>
  );
}

const ALL = ['email', 'phone', 'domain', 'city_only', 'last4', 'initial', 'month', 'year', 'round2', 'bucket', 'hash', 'redact'];
const masksFor = (field: Field | undefined) => (field ? [...new Set([...field.masks, 'redact'])] : ALL);

function withMask(mask: Readonly<Record<string, string>>, name: string, by: string) {
  const { [name]: _, ...others } = mask;
  return by ? { ...others, [name]: by } : others;
}
