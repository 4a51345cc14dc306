/** Whether reads are asked of a version, too; begun and ended here. */
import { useState } from 'react';

import { useDoing, useTelling } from '../../parts/doing';
import { typed, written } from '../../parts/value';
import { said, useLanguage, useSpoken } from '../../words';
import { Start, Stop, type Version } from './asked';
import { words as spoken } from './words';

const SHARE = '10';
const DAY = 86_400_000;
const CAN = ['DRAFT', 'SUBMITTED', 'APPROVED'];

export function Running({ version, again }: { version: Version; again(): void }) {
  const words = useSpoken(spoken);
  const { words: all, language } = useLanguage();
  const doing = useDoing();
  const tell = useTelling();
  const [share, setShare] = useState(() => version.shadowShare ? String(Number(version.shadowShare)) : SHARE);
  const [until, setUntil] = useState(() => typed(Date.now() + DAY));
  const isOn = Boolean(version.shadowUntil && Date.parse(version.shadowUntil) > Date.now());
  const named = { number: version.number ?? 0 };

  const stop = () => doing.run(Stop, { input: { id: version.id } });
  const start = (of: string, at: string) => doing.run(Start, { input: { id: version.id, shadowShare: of, shadowUntil: at } });

  async function change(sentence: string, did: Promise<unknown>, undo: () => Promise<unknown>) {
    if (!await did) return;
    again();
    tell({ said: said(sentence, named), undo, again });
  }
  const end = () => change(words.ended, stop(), () => start(version.shadowShare ?? SHARE, version.shadowUntil!));
  const begin = () => change(words.started, start(share, new Date(until).toISOString()), stop);

  return (
    <section>
      <p>{isOn ? said(words.running, { share: Number(version.shadowShare), until: written(version.shadowUntil, { language, words: all }) }) : words.stopped}</p>
      {doing.trouble}
      {isOn ? <button type="button" disabled={doing.isBusy} onClick={() => void end()}>{words.stop}</button> : CAN.includes(version.status ?? '') ? (
        <form className="filters" onSubmit={(event) => { event.preventDefault(); void begin(); }}>
          <label>{words.share}<input type="number" min={1} max={100} required value={share} onChange={(event) => setShare(event.target.value)} /></label>
          <label>{words.until}<input type="datetime-local" required value={until} onChange={(event) => setUntil(event.target.value)} /></label>
          <button type="submit" className="first" disabled={doing.isBusy}>{words.start}</button>
        </form>
      ) : <p className="quiet">{words.cannot}</p>}
    </section>
  );
}
