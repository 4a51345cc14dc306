/** What is chosen on a page, kept in its address: links can be shared, and the way back leads back. */
import { useCallback } from 'react';
import { useSearchParams } from 'wouter';

export type Chosen = Readonly<Record<string, string | undefined>>;

/** What the address names, and how to name other things: undefined takes one away. `replace`: without a step to go back. */
export function useAddress(): [Chosen, (changes: Chosen, options?: { replace?: boolean }) => void] {
  const [found, setFound] = useSearchParams();
  const change = useCallback((changes: Chosen, options: { replace?: boolean } = {}) => {
    setFound((before) => {
      const after = new URLSearchParams(before);
      for (const [name, value] of Object.entries(changes)) {
        if (value) after.set(name, value);
        else after.delete(name);
      }
      return after;
    }, options);
  }, [setFound]);
  return [Object.fromEntries(found), change];
}
