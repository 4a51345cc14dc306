/** A text that is written, and what is wrong with it, each with the way to its place. */
import { useRef } from 'react';

import { said, useWords } from '../words';
import './editor.css';

interface Fault {
  severity: string;
  line: number;
  column: number;
  message: string;
}

interface Edited {
  label: string;
  text: string;
  onChange(text: string): void;
  faults: readonly Fault[];
}

export function Editor({ label, text, onChange, faults }: Edited) {
  const words = useWords();
  const area = useRef<HTMLTextAreaElement>(null);

  function go({ line, column }: Fault) {
    const lines = text.split('\n');
    const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    const end = start + (lines[line - 1]?.length ?? 0);
    area.current?.focus();
    area.current?.setSelectionRange(Math.min(start + column - 1, end), end);
    area.current?.scrollTo({ top: (line - 4) * (area.current.scrollHeight / lines.length) });
  }

  return (
    <div className="editor">
      <textarea
        ref={area} aria-label={label} value={text} spellCheck={false} wrap="off" rows={Math.min(40, Math.max(12, text.split('\n').length + 1))}
        aria-invalid={faults.some(({ severity }) => severity === 'error')} onChange={(event) => onChange(event.target.value)}
      />
      <ul aria-live="polite">
        {faults.map((fault, place) => (
          <li key={place} className={fault.severity === 'error' ? 'failed' : 'warned'}>
            {fault.line > 0 ? <button type="button" onClick={() => go(fault)}>{said(words.line, { n: fault.line })}</button> : null} {fault.message}
          </li>
        ))}
      </ul>
    </div>
  );
}
