/** Doing something that can be refused, and taken back. */
import { createContext, useContext, useState, type ReactNode } from 'react';
import type { AnyVariables } from 'urql';

import { useWords } from '../words';
import { spelled } from './labels';
import { useMutating, type Mutation, type Payload } from './mutating';
import { Refusals } from './refusals';
import { Failed } from './states';

/** `run` gives the payload of what was done, null where it was not; `trouble` draws what stands in the way, until `forget`. */
export function useDoing() {
  const { busy, refusals, failure, run, clear } = useMutating({ stays: true });
  return {
    isBusy: busy,
    forget: clear,
    async run<Of extends Payload, Variables extends AnyVariables>(mutation: Mutation<Of, Variables>, variables: Variables): Promise<Of | null> {
      const payload = await run(mutation, variables);
      return payload?.userErrors.length === 0 ? payload : null;
    },
    trouble: (
      <>
        {failure && <Failed error={failure} again={clear} />}
        <Refusals of={refusals.map(({ message, field }) => ({ message: field?.length ? `${spelled(field.at(-1)!)}: ${message}` : message, path: field ?? null }))} />
      </>
    ),
  };
}

/** What was done, how it is taken back, if it can be, and what is then asked anew. */
interface Done { said: string; undo?: (() => Promise<unknown>) | undefined; again?: () => void }
const Context = createContext<(done: Done | null) => void>(() => {});

/** Says below the page what was just done, with the way to take it back. */
export function Doings({ children }: { children: ReactNode }) {
  const words = useWords();
  const [done, setDone] = useState<Done | null>(null);
  async function takeBack({ undo, again }: Done) {
    setDone(null);
    setDone({ said: await undo?.() ? words.undone : words.notUndone });
    again?.();
  }
  return (
    <Context.Provider value={setDone}>
      {children}
      <div className="done" role="status">
        {done && (
          <>
            <span>{done.said}</span>
            {done.undo && <button type="button" onClick={() => void takeBack(done)}>{words.undo}</button>}
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
