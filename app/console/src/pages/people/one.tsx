/** One person: the roles that he or she holds, and what comes of them. */
import { useState } from 'react';
import { Link } from 'wouter';

import { useAddress } from '../../parts/address';
import { Asked } from '../../parts/asked';
import { useDoing, useTelling } from '../../parts/doing';
import { Moment } from '../../parts/moment';
import { Sheet } from '../../parts/sheet';
import { said, useSpoken, useWords } from '../../words';
import { Person, Restore, Take, type Held, type Someone } from './assigning';
import { Effective } from './effective';
import { AssignmentForm } from './form';
import './style.css';
import { words as spoken } from './words';

function standing({ validFrom, validTo }: Held): 'now' | 'later' | 'over' {
  const now = Date.now();
  if (validTo && Date.parse(validTo) <= now) return 'over';
  return validFrom && Date.parse(validFrom) > now ? 'later' : 'now';
}

function Assignments({ person, again }: { person: Someone; again(): void }) {
  const words = useSpoken(spoken);
  const { change } = useWords();
  const doing = useDoing();
  const tell = useTelling();
  const [changed, setChanged] = useState<string | null>(null);
  const held = person.roleAssignments.nodes;
  const name = person.displayName ?? '?';
  const heads = [words.role, words.department, words.region, words.from, words.until, words.status, words.givenBy, change];

  async function take(each: Held) {
    const role = each.role?.name ?? '?';
    if (!await doing.run(Take, { input: { id: each.id, expectedVersion: each.version ?? null } })) return;
    again();
    tell({ said: said(words.taken, { role, name }), undo: () => doing.run(Restore, { input: { id: each.id } }), again });
  }

  return (
    <section>
      <h2>{words.assignments}</h2>
      {held.length === 0 ? <p>{words.noAssignment}</p> : (
        <Sheet title={words.assignments} heads={heads}>
          {held.map((each) => (
            <tr key={each.id} className={standing(each)}>
              <th scope="row">{each.role?.name ?? '?'}</th>
              <td>{each.department?.name ?? words.everywhere}</td>
              <td>{each.region?.name ?? words.everywhere}</td>
              <td>{each.validFrom ? <Moment at={each.validFrom} /> : words.always}</td>
              <td>{each.validTo ? <Moment at={each.validTo} /> : words.always}</td>
              <td>{words.when[standing(each)]}</td>
              <td>{each.grantedBy?.displayName ?? '–'}</td>
              <td>
                <div className="buttons">
                  <button type="button" aria-label={said(words.changeWhich, { role: each.role?.name ?? '?', name })} onClick={() => setChanged(each.id)}>{change}</button>
                  <button type="button" className="bad" disabled={doing.isBusy} aria-label={said(words.takeWhich, { role: each.role?.name ?? '?', name })} onClick={() => void take(each)}>{words.take}</button>
                </div>
              </td>
            </tr>
          ))}
        </Sheet>
      )}
      {doing.trouble}
      <AssignmentForm
        key={changed ?? ''} person={person} held={held.find((each) => each.id === changed)} again={again}
        onDone={() => { setChanged(null); again(); }} {...(changed && { onCancel: () => setChanged(null) })}
      />
    </section>
  );
}

export default function PersonPage() {
  const words = useSpoken(spoken);
  const { id } = useAddress()[0];
  return (
    <>
      <p><Link href="/people">{words.back}</Link></p>
      <Asked query={Person} variables={{ id: id ?? '' }} fresh>
        {({ user }, again) => !user ? <p>{words.missing}</p> : (
          <>
            <h1>{user.displayName ?? user.email}</h1>
            <p className="quiet">
              {[user.email, user.department?.name, user.region?.name, words.statuses[user.status ?? ''], user.manager && said(words.reportsTo, { name: user.manager.displayName ?? '?' })]
                .filter(Boolean).join(' · ')}
            </p>
            <p className="ways">
              <Link href={`/view-as?${new URLSearchParams({ a: user.id }).toString()}`}>{words.viewAs}</Link>
              <Link href={`/audit?${new URLSearchParams({ actor: user.id }).toString()}`}>{words.audit}</Link>
            </p>
            <Assignments person={user} again={again} />
            <Effective id={user.id} held={user.roleAssignments.nodes.map((each) => `${each.id} ${each.version}`).join()} />
          </>
        )}
      </Asked>
    </>
  );
}
