/** A table of tests as it is written, and written on. */
import { Editor } from '../../../parts/editor';
import { useUnsent } from '../../../parts/unsent';
import { Failed } from '../../../parts/states';
import { useSpoken, useWords } from '../../../words';
import { TestsSet } from '../asking';
import { useChanging } from '../changing';
import type { Version } from '../head';
import { Hindrances } from '../hindrances';
import { TextMerge } from '../text-merge';
import { words as spoken } from './words';

interface Given {
  version: Version;
  file: string;
  text: string;
  may: boolean;
}

interface Unsent {
  state: number | null;
  was: string;
  text: string;
}

interface Place {
  line?: number;
  column?: number;
  fault?: string;
}

export function WrittenTests({ version, file, text, may }: Given) {
  const words = useSpoken(spoken);
  const common = useWords();
  const [unsent, keep] = useUnsent<Unsent>(`tests.${version.id}.${file}`);
  const changing = useChanging(version);
  const now = unsent?.text ?? text;

  async function save(made: string, state: number | null) {
    if (await changing.change(TestsSet, { name: file, text: made } as never, state) !== null) keep(null);
  }

  const places = changing.refusals.map(({ params, message }) => ({ ...(params as Place | null), message }));
  const faults = places.filter(({ line }) => line).map(({ line, column, fault, message }) => ({ severity: 'error', line: line!, column: column ?? 1, message: fault ?? message }));
  const state = unsent?.state ?? version.version ?? null;
  return (
    <details open={unsent !== null}>
      <summary>{words.asWritten}</summary>
      {!may ? <pre tabIndex={0} aria-label={file}>{text}</pre> : (
        <form onSubmit={(event) => { event.preventDefault(); void save(now, state); }}>
          <Editor label={file} text={now} faults={faults} onChange={(next) => keep(next === text ? null : { state, was: unsent?.was ?? text, text: next })} />
          {unsent && (
            <div className="actions">
              <button type="submit" className="first" disabled={changing.busy}>{common.save}</button>
              <button type="button" onClick={() => { keep(null); changing.clear(); }}>{words.asItWas}</button>
            </div>
          )}
          {faults.length === 0 && <Hindrances of={changing.refusals} number={version.number} />}
          {changing.failure && <Failed error={changing.failure} again={() => void save(now, state)} />}
          {changing.others && unsent && (
            <TextMerge
              others={changing.others} was={unsent.was} mine={unsent.text}
              theirs={changing.others.policy?.tests.find(({ name }) => name === file)?.text ?? ''}
              onSave={(made) => void save(made, changing.others?.policy?.version ?? null)}
              onEdit={(made, theirs) => { keep({ state: changing.others?.policy?.version ?? null, was: theirs, text: made }); changing.settle(); }}
              onLeave={() => { keep(null); changing.settle(); }}
            />
          )}
        </form>
      )}
    </details>
  );
}
