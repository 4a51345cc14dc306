/** What a field is compared with: something of who asks, or a value of the field's kind. */
import { valueInWords, usePhrases } from '../../../parts/sentences';
import type { Attribute, Field, Terms } from '../../../parts/terms';
import { useSpoken } from '../../../words';
import { words as spoken } from './words';

interface Edited {
  terms: Terms;
  field: Field;
  operator: string;
  value: unknown;
  onChange(value: unknown): void;
}

function fits(terms: Terms, field: Field, operator: string, each: Attribute): boolean {
  const isList = terms.lists.includes(operator);
  const kinds = each.kind === field.kind || (each.listed && field.kind === 'ENUM');
  const shape = each.many ? isList : !isList && operator !== 'between' && operator !== 'isNull';
  return kinds && shape && (!each.keysOf || !field.keysOf || each.keysOf === field.keysOf);
}

export function ValueEditor({ terms, field, operator, value, onChange }: Edited) {
  const words = useSpoken(spoken);
  const phrases = usePhrases();
  const attributes = terms.attributes.filter((each) => fits(terms, field, operator, each));
  const isAttribute = typeof value === 'string' && value.startsWith('$');
  const starts = () => (terms.lists.includes(operator) ? [] : '');
  if (attributes.length === 0) return <Written {...{ terms, field, operator, value, onChange }} />;
  return (
    <>
      <select
        aria-label={words.comparedWith} value={isAttribute ? value : ''}
        onChange={(event) => onChange(event.target.value || starts())}
      >
        <option value="">{words.aValue}</option>
        {attributes.map(({ name }) => <option key={name} value={name}>{valueInWords(name, phrases)}</option>)}
      </select>
      {!isAttribute && <Written {...{ terms, field, operator, value, onChange }} />}
    </>
  );
}

function Written({ terms, field, operator, value, onChange }: Edited) {
  const words = useSpoken(spoken);
  const phrases = usePhrases();
  if (operator === 'isNull' || field.kind === 'BOOLEAN') {
    return (
      <select aria-label={words.value} value={String(value === '' ? '' : value)} onChange={(event) => onChange(event.target.value === 'true')}>
        <option value="" disabled>…</option>
        <option value="true">{phrases.yes}</option>
        <option value="false">{phrases.no}</option>
      </select>
    );
  }
  if (field.kind === 'MONEY' && operator !== 'between' && !terms.lists.includes(operator)) return <Money field={field} value={value} onChange={onChange} />;
  if (operator === 'between') return <Between {...{ terms, field, operator, value, onChange }} />;
  if (terms.lists.includes(operator)) return <Several {...{ terms, field, operator, value, onChange }} />;
  return <One field={field} label={words.value} value={value} onChange={onChange} />;
}

function Money({ field, value, onChange }: Pick<Edited, 'field' | 'value' | 'onChange'>) {
  const words = useSpoken(spoken);
  const { amount, currency } = (typeof value === 'object' && value !== null ? value : { amount: value, currency: '' }) as { amount: unknown; currency: string };
  const made = (next: unknown, of: string) => onChange(of ? { amount: next, currency: of } : next);
  return (
    <>
      <One field={field} label={words.value} value={amount} onChange={(next) => made(next, currency)} />
      <input aria-label={words.currency} placeholder={words.currency} maxLength={3} size={5} value={currency} onChange={(event) => made(amount, event.target.value.toUpperCase())} />
    </>
  );
}

function Between({ field, value, onChange }: Edited) {
  const words = useSpoken(spoken);
  const ends = (typeof value === 'object' && value !== null ? value : { from: '', to: '' }) as { from: unknown; to: unknown };
  return (
    <>
      <One field={field} label={words.from} value={ends.from} onChange={(from) => onChange({ ...ends, from })} />
      <One field={field} label={words.to} value={ends.to} onChange={(to) => onChange({ ...ends, to })} />
    </>
  );
}

function Several({ field, value, onChange }: Edited) {
  const words = useSpoken(spoken);
  const chosen = Array.isArray(value) ? (value as unknown[]) : [];
  if (field.kind === 'ENUM' && field.values.length > 0) {
    return (
      <span className="choose" role="group" aria-label={words.value}>
        {field.values.map((each) => (
          <label key={each} className="check">
            <input
              type="checkbox" checked={chosen.includes(each)}
              onChange={(event) => onChange(event.target.checked ? [...chosen, each] : chosen.filter((other) => other !== each))}
            />{each}
          </label>
        ))}
      </span>
    );
  }
  const read = (text: string) => text.split(',').map((each) => typed(field, each.trim())).filter((each) => each !== '');
  return <input aria-label={words.valuesApart} placeholder={words.valuesApart} defaultValue={chosen.join(', ')} onChange={(event) => onChange(read(event.target.value))} />;
}

const INPUTS: Record<string, string> = { DATE: 'date', TIME: 'datetime-local', INTEGER: 'number', DECIMAL: 'number', MONEY: 'number' };

function typed(field: Field, text: string): unknown {
  if (text === '' || !['INTEGER', 'DECIMAL', 'MONEY'].includes(field.kind)) return text;
  return Number.isFinite(Number(text)) ? Number(text) : text;
}

interface OneEdited {
  field: Field;
  label: string;
  value: unknown;
  onChange(value: unknown): void;
}

function One({ field, label, value, onChange }: OneEdited) {
  if (field.kind === 'ENUM' && field.values.length > 0) {
    return (
      <select aria-label={label} value={String(value ?? '')} onChange={(event) => onChange(event.target.value)}>
        <option value="" disabled>…</option>
        {field.values.map((each) => <option key={each}>{each}</option>)}
      </select>
    );
  }
  if (field.kind === 'TIME') {
    const shown = typeof value === 'string' && value ? value.slice(0, 16) : '';
    return <input type="datetime-local" aria-label={`${label} (UTC)`} value={shown} onChange={(event) => onChange(event.target.value ? `${event.target.value}:00Z` : '')} />;
  }
  return (
    <input
      type={INPUTS[field.kind] ?? 'text'} step="any" aria-label={label} value={String(value ?? '')}
      onChange={(event) => onChange(typed(field, event.target.value))}
    />
  );
}
