/** On which types a rule is. */
import { useState } from 'react';

import type { Terms } from '../../../parts/terms';
import { useSpoken } from '../../../words';
import { words as spoken } from './words';

interface Edited {
  terms: Terms;
  on: readonly string[];
  onChange(on: readonly string[]): void;
}

export function TypesEditor({ terms, on, onChange }: Edited) {
  const words = useSpoken(spoken);
  const [text, setText] = useState('');
  const [first] = useState(on);
  const all = on.includes('all');
  const shown = terms.types
    .filter(({ name }) => on.includes(name) || name.toLowerCase().includes(text.toLowerCase()))
    .sort((a, b) => Number(first.includes(b.name)) - Number(first.includes(a.name)));
  return (
    <>
      <label className="check">
        <input type="checkbox" checked={all} onChange={(event) => onChange(event.target.checked ? ['all'] : [])} />{words.everything}
      </label>
      {!all && (
        <>
          <label className="search">{words.find}<input value={text} onChange={(event) => setText(event.target.value)} /></label>
          <div className="choose many" role="group" aria-label={words.types}>
            {shown.map(({ name }) => (
              <label key={name} className="check">
                <input type="checkbox" checked={on.includes(name)} onChange={(event) => onChange(event.target.checked ? [...on, name] : on.filter((each) => each !== name))} />
                {name}
              </label>
            ))}
          </div>
        </>
      )}
    </>
  );
}
