/** A document as it is written; of a draft, it can be written here, with all that is wrong with it and where. */
import { useQuery } from 'urql';

import { Editor } from '../../../parts/editor';
import { useUnsent } from '../../../parts/unsent';
import { Failed } from '../../../parts/states';
import { useSettled } from '../../../parts/waiting';
import { useSpoken, useWords } from '../../../words';
import { FileSet, Lint } from '../asking';
import { useChanging } from '../changing';
import { mayChange, type Version } from '../head';
import { Hindrances } from '../hindrances';
import { TextMerge } from '../text-merge';
import { words as spoken } from './words';

interface Given {
  version: Version;
  file: string;
  text: string;
}

interface Unsent {
  state: number | null;
  was: string;
  text: string;
}

export function Written({ version, file, text }: Given) {
  const words = useSpoken(spoken);
  if (!mayChange(version)) {
    return (
      <section>
        <h3>{file}</h3>
        <pre tabIndex={0} aria-label={file}>{text}</pre>
      </section>
    );
  }
  return (
    <section>
      <h3>{words.asWritten} <span className="quiet">{file}</span></h3>
      <Writing version={version} file={file} text={text} />
    </section>
  );
}

function Writing({ version, file, text }: Given) {
  const words = useSpoken(spoken);
  const common = useWords();
  const [unsent, keep] = useUnsent<Unsent>(`file.${version.id}.${file}`);
  const changing = useChanging(version);
  const now = unsent?.text ?? text;
  const faults = useFaults(version.number, file, now);

  async function save(made: string, state: number | null) {
    if (await changing.change(FileSet, { name: file, text: made } as never, state) !== null) keep(null);
  }

  const write = (next: string) => keep(next === text ? null : { state: unsent?.state ?? version.version ?? null, was: unsent?.was ?? text, text: next });
  return (
    <form onSubmit={(event) => { event.preventDefault(); void save(now, unsent?.state ?? version.version ?? null); }}>
      <Editor label={file} text={now} onChange={write} faults={faults.found} />
      {unsent && (
        <div className="actions">
          <button type="submit" className="first" disabled={changing.busy}>{common.save}</button>
          <button type="button" onClick={() => keep(null)}>{words.asItWas}</button>
          <span className="quiet">{faults.looking ? words.looking : words.unsent}</span>
        </div>
      )}
      {changing.refusals.some(({ params }) => !(params as { line?: number } | null)?.line) && <Hindrances of={changing.refusals} number={version.number} />}
      {changing.failure && <Failed error={changing.failure} again={() => void save(now, unsent?.state ?? null)} />}
      {changing.others && unsent && (
        <TextMerge
          others={changing.others} was={unsent.was} mine={unsent.text}
          theirs={changing.others.policy?.files.find(({ name }) => name === file)?.text ?? ''}
          onSave={(made) => void save(made, changing.others?.policy?.version ?? null)}
          onEdit={(made, theirs) => { keep({ state: changing.others?.policy?.version ?? null, was: theirs, text: made }); changing.settle(); }}
          onLeave={() => { keep(null); changing.settle(); }}
        />
      )}
    </form>
  );
}

/** What lint would say of a document's text, were it kept. */
function useFaults(number: number, name: string, text: string) {
  const settled = useSettled(text);
  const [{ data, fetching }] = useQuery({ query: Lint, variables: { number, with: { name, text: settled } } });
  const found = (data?.policyLint ?? []).filter((each) => each.check === 'fault' || each.file === name);
  return { found, looking: fetching || settled !== text };
}
