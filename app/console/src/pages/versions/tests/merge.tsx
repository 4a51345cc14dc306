/** A case that somebody else changed meanwhile: mine, theirs, or both. */
import { shown } from '../../../parts/flow';
import { useSpoken } from '../../../words';
import { graphql } from '../../../graph';
import { useQuery } from 'urql';
import type { Others } from '../changing';
import { Who } from '../rules/merge';
import { words as rules } from '../rules/words';
import type { Case, Table } from './case';

const Now = graphql(`query TablesNow($number: Int!) { policy(version: $number) { id version tables } }`);

interface Given {
  others: Others;
  file: string;
  was: Case | null;
  mine: Case;
  index: number | null;
  onSave(made: Case, index: number | null, state: number | null): Promise<void>;
  onLeave(): void;
}

export function CaseMerge({ others, file, was, mine, index, onSave, onLeave }: Given) {
  const words = useSpoken(rules);
  const [{ data }] = useQuery({ query: Now, variables: { number: others.policy?.number ?? 0 }, requestPolicy: 'network-only' });
  const table = (data?.policy?.tables as Record<string, Table | null> | undefined)?.[file];
  const same = table?.cases.findIndex((each) => JSON.stringify(each.case) === JSON.stringify(was)) ?? -1;
  const theirs = same < 0 && index !== null && was ? table?.cases[index]?.case ?? null : null;
  const state = data?.policy?.version ?? null;
  if (!data) return null;
  return (
    <div className="step" role="alert">
      <h3>{words.merge}</h3>
      <Who others={others} />
      <div className="sides">
        <div><h4>{words.mine}</h4><p><code>{shown(mine)}</code></p></div>
        <div><h4>{words.theirs}</h4><p>{theirs ? <code>{shown(theirs)}</code> : words.nothingOfIt}</p></div>
      </div>
      <div className="actions">
        <button type="button" className="first" onClick={() => void onSave(mine, same >= 0 ? same : null, state)}>{words.takeBoth}</button>
        {theirs && <button type="button" onClick={() => void onSave(mine, index, state)}>{words.takeMine}</button>}
        <button type="button" onClick={onLeave}>{words.takeTheirs}</button>
      </div>
    </div>
  );
}
