/** A version is about to come into force: what it would change, and all that stands in the way, before anything is done. */
import { useEffect, useState } from 'react';
import { Link } from 'wouter';

import { Asked } from '../../parts/asked';
import { useMutating } from '../../parts/mutating';
import { Failed, Loading } from '../../parts/states';
import { said, useSpoken, useWords } from '../../words';
import { Activate, FRESH, InForce, RollBack } from './asking';
import { Begin } from './begin';
import { Differences } from './differences';
import type { Version } from './head';
import { Hindrances } from './hindrances';
import { words as spoken } from './words';

/** Has a version come into force, or (asked only) tells what stands in the way. */
function useActivating(version: Version) {
  const doing = useMutating();
  const isBack = version.status === 'RETIRED';
  const act = (validateOnly: boolean) => isBack
    ? doing.run(RollBack, { input: { version: version.number, validateOnly } })
    : doing.run(Activate, { input: { id: version.id, expectedVersion: version.version ?? null, validateOnly } });
  return { ...doing, act, isBack };
}

export function Activation({ version, onClose }: { version: Version; onClose(): void }) {
  const words = useSpoken(spoken);
  const common = useWords();
  const { busy, refusals, failure, act, isBack } = useActivating(version);
  const [checked, setChecked] = useState(false);
  useEffect(() => {
    setChecked(false);
    void act(true).then((payload) => setChecked(payload?.userErrors.length === 0));
  }, [version.id, version.version, version.status]);
  const isOutdated = refusals.some(({ code, field }) => code === 'CONFLICT' && field?.[0] !== 'expectedVersion');

  return (
    <div className="step">
      <h2>{isBack ? words.aboutToRollBack : words.aboutToActivate}</h2>
      <Asked query={InForce} variables={{}} context={FRESH}>
        {({ policy }) => policy && <Differences a={policy.number} b={version.number} />}
      </Asked>
      {!isBack && <p><Link href={`/versions/${version.number}/impact`}>{words.seeImpact}</Link></p>}
      {busy && <Loading />}
      <Hindrances of={refusals} number={version.number} />
      {isOutdated && <Begin from={{ number: version.number, status: version.status, basedOn: version.basedOn ?? null }} />}
      {failure && <Failed error={failure} again={() => void act(true)} />}
      {checked && <p role="status">{words.nothingInTheWay}</p>}
      <div className="actions">
        <button
          type="button" className="first" disabled={!checked || busy}
          onClick={() => void act(false).then((payload) => payload?.userErrors.length === 0 && onClose())}
        >
          {isBack ? words.rollBackNow : words.activateNow}
        </button>
        <button type="button" onClick={onClose}>{common.cancel}</button>
      </div>
    </div>
  );
}

/** What is in force can be taken back in one press: the version before it comes back. */
export function TakeBack({ version }: { version: Version }) {
  const words = useSpoken(spoken);
  const common = useWords();
  const { busy, refusals, failure, run } = useMutating();
  if (version.basedOn == null) return null;
  const number = version.basedOn;
  const back = () => void run(RollBack, { input: { version: number, note: said(words.tookBack, { number: version.number }) } });
  return (
    <div className="outcome">
      <p>{said(words.inForceNow, { number: version.number, before: number })}{' '}
        <button type="button" disabled={busy} onClick={back}>{common.undo}</button>
      </p>
      <Hindrances of={refusals} number={version.number} />
      {failure && <Failed error={failure} again={back} />}
    </div>
  );
}
