/** A text that somebody else changed meanwhile: mine, theirs, or the lines of both. */
import { useEffect, useRef } from 'react';

import { differences, merged } from '../../parts/lines';
import { said, useSpoken } from '../../words';
import type { Others } from './changing';
import { Who } from './rules/merge';
import { words as spoken } from './rules/words';
import { TextDifference } from './text-difference';

interface Given {
  others: Others;
  was: string;
  mine: string;
  theirs: string;
  onSave(text: string): void;
  /** Goes on writing, from what somebody else left. */
  onEdit(text: string, theirs: string): void;
  onLeave(): void;
}

export function TextMerge({ others, was, mine, theirs, onSave, onEdit, onLeave }: Given) {
  const words = useSpoken(spoken);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.focus(), []);
  const both = merged(was, mine, theirs);
  return (
    <div className="step" role="alert" tabIndex={-1} ref={place}>
      <h3>{words.merge}</h3>
      <Who others={others} />
      <TextDifference name={words.theirs} pieces={differences(was, theirs)} />
      <TextDifference name={words.mine} pieces={differences(was, mine)} />
      {both.clashes > 0 && <p>{said(words.clashes, { n: both.clashes })}</p>}
      <div className="actions">
        {both.clashes === 0
          ? <button type="button" className="first" onClick={() => onSave(both.text)}>{words.takeBoth}</button>
          : <button type="button" className="first" onClick={() => onEdit(both.text, theirs)}>{words.writeBoth}</button>}
        <button type="button" onClick={() => onSave(mine)}>{words.takeMine}</button>
        <button type="button" onClick={onLeave}>{words.takeTheirs}</button>
      </div>
    </div>
  );
}
