/** Doing something that can be refused, and taken back. */
import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import { useClient, type AnyVariables, type CombinedError, type TypedDocumentNode } from 'urql';

import { useWords } from '../words';
import { spelled } from './labels';
import { Refusals } from './refusals';
import { Failed } from './states';

interface UserError { message: string; field?: readonly string[] | null }
interface Payload { userErrors: readonly UserError[] }

export interface Doing {
  isBusy: boolean;
  /** Does it; comes back with what it was answered with, or null where it was refused. */
  run<Data extends object, Variables extends AnyVariables>(
    document: TypedDocumentNode<Data, Variables>, variables: Variables,
  ): Promise<Data | null>;
  /** Forgets what stood in the way. */
  forget(): void;
  /** What stands in the way, to be drawn. */
  trouble: ReactNode;
}

export function useDoing(): Doing {
  const client = useClient();
  const [isBusy, setBusy] = useState(false);
  const [refusals, setRefusals] = useState<readonly UserError[]>([]);
  const [failure, setFailure] = useState<CombinedError | null>(null);
  const forget = useCallback(() => {
    setFailure(null);
    setRefusals([]);
  }, []);
  return {
    isBusy,
    forget,
    async run(document, variables) {
      setBusy(true);
      const { data, error } = await client.mutation(document, variables).toPromise();
      setBusy(false);
      const refused = Object.values(data ?? {}).flatMap((payload) => (payload as Payload | null)?.userErrors ?? []);
      setFailure(error ?? null);
      setRefusals(refused);
      return error || refused.length > 0 || !data ? null : data;
    },
    trouble: (
      <>
        {failure && <Failed error={failure} again={() => setFailure(null)} />}
        <Refusals of={refusals.map(({ message, field }) => ({ message: field?.length ? `${spelled(field.at(-1)!)}: ${message}` : message, path: field ?? null }))} />
      </>
    ),
  };
}

interface Done { said: string; undo?: () => Promise<unknown> }
const Context = createContext<(done: Done | null) => void>(() => {});

/** Says below the page what was just done, with the way to take it back. */
export function Doings({ children }: { children: ReactNode }) {
  const words = useWords();
  const [done, setDone] = useState<Done | null>(null);
  const tell = useMemo(() => setDone, []);
  const undo = done?.undo;
  return (
    <Context.Provider value={tell}>
      {children}
      <div className="done" role="status">
        {done && (
          <>
            <span>{done.said}</span>
            {undo && <button type="button" onClick={() => { setDone(null); void undo(); }}>{words.undo}</button>}
            <button type="button" onClick={() => setDone(null)}>{words.close}</button>
          </>
        )}
      </div>
    </Context.Provider>
  );
}

/** Tells what was done; null: nothing is to be told any longer. */
export function useTelling(): (done: Done | null) => void {
  return useContext(Context);
}
