/** What is being written, kept in this tab: loading the page anew loses none of it. */
import { useState } from 'react';

const PREFIX = 'customer360.console.writing.';

function read<Of>(name: string, empty: Of): Of {
  const kept = sessionStorage.getItem(PREFIX + name);
  return kept === null ? empty : { ...empty, ...JSON.parse(kept) as Of };
}

/** What is written under a name, how to write, and how to begin anew. */
export function useKept<Of extends object>(name: string, empty: Of): [Of, (changes: Partial<Of>) => void, () => void] {
  const [state, setState] = useState(() => read(name, empty));
  const write = (changes: Partial<Of>) => setState((before) => {
    const after = { ...before, ...changes };
    sessionStorage.setItem(PREFIX + name, JSON.stringify(after));
    return after;
  });
  const clear = () => {
    sessionStorage.removeItem(PREFIX + name);
    setState(empty);
  };
  return [state, write, clear];
}
