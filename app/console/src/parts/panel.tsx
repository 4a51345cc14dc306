/** What is laid over a page until it is closed: with a head, by Escape too. What had the focus has it again then. */
import { useEffect, useId, useRef, type ReactNode } from 'react';

import { useWords } from '../words';
import './panel.css';

interface Panel {
  title: string;
  onClose(): void;
  /** Whether it has a button to be closed by. */
  closes?: boolean;
  children: ReactNode;
}

export function Panel({ title, onClose, closes = true, children }: Panel) {
  const words = useWords();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => { if (before instanceof HTMLElement) before.focus(); };
  }, []);
  return (
    <dialog ref={dialog} className="panel" aria-labelledby={id} onCancel={(event) => { event.preventDefault(); onClose(); }}>
      <div className="head">
        <h2 id={id}>{title}</h2>
        {closes && <button type="button" onClick={onClose}>{words.close}</button>}
      </div>
      {children}
    </dialog>
  );
}
