/** One line of a condition: a field, how it is compared, and with what; or a related record. */
import { usePhrases, type Condition } from '../../../parts/sentences';
import { common, type Terms } from '../../../parts/terms';
import { useSpoken } from '../../../words';
import { ValueEditor } from './value';
import { words as spoken } from './words';

interface Edited {
  terms: Terms;
  on: readonly string[];
  condition: Exclude<Condition, { is: 'all' | 'any' }>;
  onChange(condition: Condition): void;
  mayCross: boolean;
}

const RELATED = '→ ';

export function Comparison({ terms, on, condition, onChange, mayCross }: Edited) {
  const words = useSpoken(spoken);
  const { fields, relations } = common(terms, on);
  const comparable = fields.filter(({ kind }) => (terms.operators[kind] ?? []).length > 0);
  const isRelated = condition.is === 'related';

  function choose(name: string) {
    if (!name.startsWith(RELATED)) return onChange({ is: 'compared', field: name, operator: '', value: '' });
    const relation = relations.find((each) => each.name === name.slice(RELATED.length))!;
    const part: Condition = { is: 'all', parts: [{ is: 'compared', field: '', operator: '', value: '' }] };
    return onChange({ is: 'related', relation: relation.name, quantifier: relation.many ? 'some' : null, part });
  }

  return (
    <>
      <select
        aria-label={words.field} value={isRelated ? RELATED + condition.relation : condition.field}
        onChange={(event) => choose(event.target.value)}
      >
        <option value="" disabled>{words.chooseField}</option>
        <optgroup label={words.fields}>{comparable.map(({ name }) => <option key={name}>{name}</option>)}</optgroup>
        {mayCross && (
          <optgroup label={words.related}>{relations.map(({ name }) => <option key={name} value={RELATED + name}>{RELATED + name}</option>)}</optgroup>
        )}
      </select>
      {isRelated ? <Quantifier condition={condition} onChange={onChange} /> : <Compared {...{ terms, condition, onChange, fields: comparable }} />}
    </>
  );
}

function Quantifier({ condition, onChange }: { condition: Condition & { is: 'related' }; onChange(condition: Condition): void }) {
  const words = useSpoken(spoken);
  if (condition.quantifier === null) return <span>{words.meets}</span>;
  return (
    <select aria-label={words.howMany} value={condition.quantifier} onChange={(event) => onChange({ ...condition, quantifier: event.target.value })}>
      {Object.entries(words.quantifiers).map(([name, text]) => <option key={name} value={name}>{text}</option>)}
    </select>
  );
}

interface ComparedEdited {
  terms: Terms;
  fields: readonly Terms['types'][number]['fields'][number][];
  condition: Condition & { is: 'compared' };
  onChange(condition: Condition): void;
}

function Compared({ terms, fields, condition, onChange }: ComparedEdited) {
  const words = useSpoken(spoken);
  const phrases = usePhrases();
  const field = fields.find(({ name }) => name === condition.field);
  if (!field) return condition.field ? <span className="failed">{words.notOfAll}</span> : null;
  const told = (operator: string) => (phrases.operators[operator] ?? operator).replace('{field}', '').replace('{value}', '').replace(/[:：]\s*$/, '').trim();
  return (
    <>
      <select aria-label={words.operator} value={condition.operator} onChange={(event) => onChange({ ...condition, operator: event.target.value, value: '' })}>
        <option value="" disabled>{words.chooseOperator}</option>
        {(terms.operators[field.kind] ?? []).map((each) => <option key={each} value={each}>{told(each)}</option>)}
      </select>
      {condition.operator && (
        <ValueEditor terms={terms} field={field} operator={condition.operator} value={condition.value} onChange={(value) => onChange({ ...condition, value })} />
      )}
    </>
  );
}
