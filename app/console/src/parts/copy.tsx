import { useState } from 'react';

import { useWords } from '../words';

/** Has a text be put where it can be pasted from. */
export function Copy({ text }: { text: string }) {
  const words = useWords();
  const [isCopied, setCopied] = useState(false);
  return (
    <>
      <button type="button" onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}>{words.copy}</button>
      <span role="status">{isCopied && words.copied}</span>
    </>
  );
}
