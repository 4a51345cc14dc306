/** What events are filtered by. */
import { useId, useState } from 'react';

import { useAddress } from '../../parts/address';
import { PersonFinder } from '../../parts/person';
import { useSpoken } from '../../words';
import { words as spoken } from './words';

const FIRST_PAGE = { after: undefined, before: undefined };

function Moment({ label, name }: { label: string; name: 'from' | 'until' }) {
  const [chosen, change] = useAddress();
  return (
    <label>
      {label}
      <input type="datetime-local" value={chosen[name] ?? ''} onChange={(event) => change({ [name]: event.target.value, ...FIRST_PAGE }, { replace: true })} />
    </label>
  );
}

function Subject() {
  const words = useSpoken(spoken);
  const id = useId();
  const [{ subject }, change] = useAddress();
  const [text, setText] = useState<string | null>(null);
  const take = () => {
    if (text !== null) change({ subject: text.trim(), ...FIRST_PAGE });
    setText(null);
  };
  return (
    <form className="subject" onSubmit={(event) => { event.preventDefault(); take(); }}>
      <label htmlFor={id}>{words.subjectIs}</label>
      <input id={id} value={text ?? subject ?? ''} onChange={(event) => setText(event.target.value)} onBlur={take} />
    </form>
  );
}

export function Filters() {
  const words = useSpoken(spoken);
  const [{ kind, actor, from, until, subject }, change] = useAddress();
  const nothing = { kind: undefined, actor: undefined, from: undefined, until: undefined, subject: undefined, ...FIRST_PAGE };
  return (
    <div className="filters" role="search" aria-label={words.title}>
      <label>
        {words.kind}
        <select value={kind ?? ''} onChange={(event) => change({ kind: event.target.value, ...FIRST_PAGE })}>
          <option value="">{words.anyKind}</option>
          {Object.entries(words.kinds).map(([code, name]) => <option key={code} value={code}>{name}</option>)}
        </select>
      </label>
      <PersonFinder label={words.actor} id={actor} onChoose={(id) => change({ actor: id, ...FIRST_PAGE })} />
      <Moment label={words.from} name="from" />
      <Moment label={words.until} name="until" />
      <Subject />
      {(kind || actor || from || until || subject) && <button type="button" onClick={() => change(nothing)}>{words.clear}</button>}
    </div>
  );
}
