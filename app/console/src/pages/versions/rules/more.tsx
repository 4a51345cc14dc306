/** What a rule sets by itself, and what lint is not to warn of. */
import type { Terms } from '../../../parts/terms';
import { useSpoken } from '../../../words';
import { fieldsOf, type Form } from './shape';
import { ValueEditor } from './value';
import { words as spoken } from './words';

interface Edited {
  terms: Terms;
  form: Form;
  onChange(form: Form): void;
}

export function More({ terms, form, onChange }: Edited) {
  const words = useSpoken(spoken);
  const sets = form.effect === 'allow' && form.actions.some((each) => terms.writing.includes(each));
  return (
    <details open={Object.keys(form.preset).length > 0}>
      <summary>{words.more}</summary>
      {sets && <Presets terms={terms} form={form} onChange={onChange} />}
      <div className="choose" role="group" aria-label={words.meant}>
        {terms.meant.map((name) => (
          <label key={name} className="check">
            <input
              type="checkbox" checked={form.meant.includes(name)}
              onChange={(event) => onChange({ ...form, meant: event.target.checked ? [...form.meant, name] : form.meant.filter((each) => each !== name) })}
            />
            {words.meanings[name] ?? name}
          </label>
        ))}
      </div>
    </details>
  );
}

function Presets({ terms, form, onChange }: Edited) {
  const words = useSpoken(spoken);
  const known = fieldsOf(terms, form.on).filter(({ settable }) => settable);
  const set = (preset: Record<string, unknown>) => onChange({ ...form, preset });
  return (
    <fieldset>
      <legend>{words.presets}</legend>
      {Object.entries(form.preset).map(([name, value]) => {
        const field = known.find((each) => each.name === name);
        const { [name]: _, ...others } = form.preset;
        return (
          <div key={name} className="piece">
            <span>{name}</span>
            {field && <ValueEditor terms={terms} field={field} operator="eq" value={value} onChange={(next) => set({ ...form.preset, [name]: next })} />}
            <button type="button" aria-label={words.removePart} onClick={() => set(others)}>×</button>
          </div>
        );
      })}
      <select aria-label={words.addPreset} value="" onChange={(event) => set({ ...form.preset, [event.target.value]: '' })}>
        <option value="">{words.addPreset}</option>
        {known.filter(({ name }) => !(name in form.preset)).map(({ name }) => <option key={name}>{name}</option>)}
      </select>
    </fieldset>
  );
}
