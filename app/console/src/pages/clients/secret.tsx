/** A secret that is shown once: it goes when whoever reads it says that it is kept. */
import { useEffect, useRef } from 'react';

import { Copy } from '../../parts/copy';
import { Panel } from '../../parts/panel';
import { said, useSpoken } from '../../words';
import { words as spoken } from './words';

export function Secret({ secret, name, onKept }: { secret: string; name: string; onKept(): void }) {
  const words = useSpoken(spoken);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  return (
    <Panel title={said(words.secret, { name })} onClose={() => {}} closes={false}>
      <p>{words.secretWhy}</p>
      <label className="labelled">{words.secretIs}<input ref={field} className="secret" readOnly value={secret} onFocus={(event) => event.target.select()} /></label>
      <div className="actions">
        <Copy text={secret} />
        <button type="button" className="first" onClick={onKept}>{words.kept}</button>
      </div>
    </Panel>
  );
}
