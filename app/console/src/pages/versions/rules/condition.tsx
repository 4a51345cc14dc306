/** A condition put together: groups of comparisons, and of what holds of related records; only what the types allow. */
import type { Condition } from '../../../parts/sentences';
import { common, type Terms } from '../../../parts/terms';
import { useSpoken } from '../../../words';
import { Comparison } from './comparison';
import { words as spoken } from './words';

const DEEPEST = 3;
const OPEN: Condition = { is: 'compared', field: '', operator: '', value: '' };

interface Edited {
  terms: Terms;
  /** The types on whose records it is. */
  on: readonly string[];
  condition: Condition | null;
  onChange(condition: Condition | null): void;
  crossed?: number;
}

export function ConditionEditor({ terms, on, condition, onChange, crossed = 0 }: Edited) {
  const words = useSpoken(spoken);
  if (condition === null) {
    return (
      <p>
        {words.always}{' '}
        <button type="button" onClick={() => onChange({ is: 'all', parts: [OPEN] })}>{words.addCondition}</button>
      </p>
    );
  }
  return <Group terms={terms} on={on} condition={condition as Grouped} onChange={onChange} crossed={crossed} />;
}

type Grouped = Condition & { is: 'all' | 'any' };

function Group({ terms, on, condition, onChange, crossed }: Edited & { condition: Grouped; crossed: number }) {
  const words = useSpoken(spoken);
  const set = (parts: readonly Condition[]) => onChange(parts.length > 0 ? { ...condition, parts } : null);
  return (
    <fieldset className="group">
      <legend>
        <select aria-label={words.joined} value={condition.is} onChange={(event) => onChange({ ...condition, is: event.target.value as 'all' | 'any' })}>
          <option value="all">{words.allHold}</option>
          <option value="any">{words.anyHolds}</option>
        </select>
      </legend>
      <ul>
        {condition.parts.map((part, place) => (
          <li key={place}>
            <Part
              terms={terms} on={on} condition={part} crossed={crossed}
              onChange={(next) => set(next ? condition.parts.with(place, next) : condition.parts.toSpliced(place, 1))}
            />
          </li>
        ))}
      </ul>
      <div className="actions">
        <button type="button" onClick={() => set([...condition.parts, OPEN])}>{words.addComparison}</button>
        <button type="button" onClick={() => set([...condition.parts, { is: condition.is === 'all' ? 'any' : 'all', parts: [OPEN] }])}>{words.addGroup}</button>
      </div>
    </fieldset>
  );
}

function Part({ terms, on, condition, onChange, crossed }: Edited & { condition: Condition; crossed: number }) {
  const words = useSpoken(spoken);
  const gone = <button type="button" aria-label={words.removePart} onClick={() => onChange(null)}>×</button>;
  if (!('relation' in condition || 'field' in condition)) {
    return <div className="piece"><Group terms={terms} on={on} condition={condition} onChange={onChange} crossed={crossed} />{gone}</div>;
  }
  return (
    <>
      <div className="piece">
        <Comparison terms={terms} on={on} condition={condition} onChange={onChange} mayCross={crossed < DEEPEST} />
        {gone}
      </div>
      {condition.is === 'related' && condition.relation && (
        <Related terms={terms} on={on} condition={condition} onChange={onChange} crossed={crossed + 1} />
      )}
    </>
  );
}

function Related({ terms, on, condition, onChange, crossed }: Edited & { condition: Condition & { is: 'related' }; crossed: number }) {
  const to = common(terms, on).relations.find(({ name }) => name === condition.relation)?.to;
  if (!to) return null;
  const part = condition.part.is === 'all' || condition.part.is === 'any' ? condition.part : { is: 'all' as const, parts: [condition.part] };
  return (
    <div className="related">
      <ConditionEditor
        terms={terms} on={[to]} condition={part} crossed={crossed}
        onChange={(next) => onChange(next ? { ...condition, part: next } : null)}
      />
    </div>
  );
}
