/** One thing found among thousands by what it is called. */
import { useEffect, useId, useState, type KeyboardEvent } from 'react';
import { useQuery, type AnyVariables, type TypedDocumentNode } from 'urql';

import { said, useWords } from '../words';
import './finder.css';

export interface Option {
  id: string;
  name: string;
  more?: string | undefined;
}

interface Finding<Data, Variables extends AnyVariables> {
  label: string;
  query: TypedDocumentNode<Data, Variables>;
  variables(text: string): Variables;
  options(data: Data): readonly Option[];
  /** What the chosen one is called; empty: none is. */
  chosen: string;
  onChoose(option: Option | null): void;
}

const PAUSE = 150;

function useLater(text: string): string {
  const [later, setLater] = useState(text);
  useEffect(() => {
    const waiting = setTimeout(() => setLater(text), PAUSE);
    return () => clearTimeout(waiting);
  }, [text]);
  return later;
}

export function Finder<Data, Variables extends AnyVariables>(asked: Finding<Data, Variables>) {
  const words = useWords();
  const id = useId();
  /** What is typed; null: nothing is looked for. */
  const [text, setText] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const [{ data, fetching, error }] = useQuery({
    query: asked.query, variables: asked.variables(useLater(text ?? '').trim()), pause: text === null,
  });
  const found = text === null || !data ? [] : asked.options(data);
  const active = found[Math.min(at, found.length - 1)];

  useEffect(() => {
    if (active) document.getElementById(`${id}-${active.id}`)?.scrollIntoView({ block: 'nearest' });
  }, [active, id]);

  function choose(option: Option | null) {
    setText(null);
    asked.onChoose(option);
  }

  function press(event: KeyboardEvent) {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (text === null) setText('');
      else setAt(found.length ? (Math.min(at, found.length - 1) + step + found.length) % found.length : 0);
    } else if (event.key === 'Enter' && text !== null) {
      event.preventDefault();
      if (active) choose(active);
    } else if (event.key === 'Escape' && text !== null) {
      event.stopPropagation();
      setText(null);
    }
  }

  return (
    <div className="finder">
      <label htmlFor={id}>{asked.label}</label>
      <div className="field">
        <input
          id={id} role="combobox" autoComplete="off" aria-autocomplete="list" aria-expanded={found.length > 0}
          aria-controls={`${id}-found`} aria-activedescendant={active ? `${id}-${active.id}` : undefined}
          placeholder={words.finding} value={text ?? asked.chosen}
          onChange={(event) => { setText(event.target.value); setAt(0); }}
          onClick={() => text === null && setText('')} onKeyDown={press} onBlur={() => setText(null)}
        />
        {asked.chosen && text === null && (
          <button type="button" aria-label={said(words.clear, { what: asked.label })} onClick={() => choose(null)}>×</button>
        )}
      </div>
      <ul id={`${id}-found`} role="listbox" aria-label={asked.label} hidden={found.length === 0}>
        {found.map((each, place) => (
          <li
            key={each.id} id={`${id}-${each.id}`} role="option" aria-selected={each === active}
            onPointerDown={(event) => event.preventDefault()} onPointerEnter={() => setAt(place)} onClick={() => choose(each)}
          >
            {each.name}{each.more && <small>{each.more}</small>}
          </li>
        ))}
      </ul>
      {text !== null && found.length === 0 && (
        <p className="state quiet" role="status">{error ? words.failed : fetching || !data ? words.loading : words.nothingFound}</p>
      )}
    </div>
  );
}
