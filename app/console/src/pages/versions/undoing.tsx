/** The last change of a draft, taken back in one press. */
import { Failed } from '../../parts/states';
import { useSpoken, useWords } from '../../words';
import { useChanging, type Draft } from './changing';
import { Hindrances } from './hindrances';
import { words as spoken } from './words';

export function Undoing({ draft }: { draft: Draft }) {
  const words = useSpoken(spoken);
  const common = useWords();
  const { canUndo, undo, busy, refusals, failure } = useChanging(draft);
  return (
    <>
      <button type="button" disabled={!canUndo || busy} title={words.undoLast} onClick={() => void undo()}>{common.undo}</button>
      <Hindrances of={refusals} number={draft.number} />
      {failure && <Failed error={failure} again={() => void undo()} />}
    </>
  );
}
