/** What was typed and not sent yet: kept by the tab, so that a page that is loaded anew still has it. */
import { useCallback, useEffect, useState } from 'react';

const PREFIX = 'customer360.console.unsent.';

function found<Of>(name: string): Of | null {
  const text = sessionStorage.getItem(PREFIX + name);
  return text === null ? null : (JSON.parse(text) as Of);
}

/** What is kept under a name, or null; and how it is kept, or (with null) no more. */
export function useUnsent<Of>(name: string): [Of | null, (value: Of | null) => void] {
  const [held, setHeld] = useState<{ name: string; value: Of | null }>(() => ({ name, value: found<Of>(name) }));
  const value = held.name === name ? held.value : found<Of>(name);
  const keep = useCallback((next: Of | null) => {
    if (next === null) sessionStorage.removeItem(PREFIX + name);
    else sessionStorage.setItem(PREFIX + name, JSON.stringify(next));
    setHeld({ name, value: next });
  }, [name]);
  useEffect(() => {
    if (value === null) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [value]);
  return [value, keep];
}

/** A form: what it begins with, over which lies what was typed; how to type, and how to begin anew. */
export function useForm<Of extends object>(name: string, begun: Of): [Of, (changes: Partial<Of>) => void, () => void] {
  const [unsent, keep] = useUnsent<Partial<Of>>(name);
  return [{ ...begun, ...unsent }, (changes) => keep({ ...unsent, ...changes }), () => keep(null)];
}
