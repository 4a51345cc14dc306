/** Programs that ask: which there are, and what is done with them. */
import { useState } from 'react';

import { useAddress } from '../../parts/address';
import { Asked } from '../../parts/asked';
import { useTelling } from '../../parts/doing';
import { useRoles } from '../../parts/roles';
import { Sheet } from '../../parts/sheet';
import { written } from '../../parts/value';
import { counted, said, useLanguage, useSpoken } from '../../words';
import { Clients, Disable, Rotate, type Client } from './asked';
import { Really } from './asking';
import { ClientForm } from './form';
import { Secret } from './secret';
import './style.css';
import { words as spoken } from './words';

function Status({ of }: { of: Client }) {
  const words = useSpoken(spoken);
  const { words: all, language } = useLanguage();
  const at = (moment: string) => ({ at: written(moment, { language, words: all }) });
  if (of.disabledAt) return <span className="failed">{said(words.off, at(of.disabledAt))}</span>;
  if (of.expiresAt) return <>{said(Date.parse(of.expiresAt) < Date.now() ? words.ended : words.ends, at(of.expiresAt))}</>;
  return <>{of.isOwn ? words.own : words.on}</>;
}

function Trusted({ of }: { of: Client }) {
  const words = useSpoken(spoken);
  const { language } = useLanguage();
  const found = of.trustedDocuments ?? [];
  if (found.length === 0) return <div className="quiet">{words.noDocument}</div>;
  return (
    <details>
      <summary>{counted(words.registered, of.trustedCount ?? found.length, language)}</summary>
      <ul>{found.map((each) => <li key={each.id}>{each.name} <code className="quiet">{each.id.slice(0, 19)}…</code></li>)}</ul>
    </details>
  );
}

function Line({ of }: { of: Client }) {
  const words = useSpoken(spoken);
  const { words: { apart, change: toChange } } = useLanguage();
  const roles = useRoles();
  const [, change] = useAddress();
  const ask = (does: string) => change({ does, client: of.code });
  return (
    <tr>
      <th scope="row">{of.name}<div className="quiet"><code>{of.code}</code></div></th>
      <td>{[of.redirectUris.length > 0 && words.forUsers, of.itself && words.forItself].filter(Boolean).join(apart)}</td>
      <td>{of.role ? roles.name(of.role) : words.noRole}<div className="quiet">{[of.department, of.region].filter(Boolean).join(apart)}</div></td>
      <td>{of.scopes.join(' ')}</td>
      <td>{words.modes[of.documents]}<Trusted of={of} /></td>
      <td><Status of={of} /></td>
      <td>
        <div className="buttons">
          <button type="button" aria-label={`${toChange} ${of.name}`} onClick={() => ask('change')}>{toChange}</button>
          {!of.isPublic && <button type="button" aria-label={`${words.rotate} ${of.name}`} onClick={() => ask('rotate')}>{words.rotate}</button>}
          {!of.disabledAt && <button type="button" className="bad" aria-label={`${words.disable} ${of.name}`} onClick={() => ask('disable')}>{words.disable}</button>}
        </div>
      </td>
    </tr>
  );
}

/** What is asked in the address to be done with one of them. */
function Asking({ found, again, onSecret }: { found: readonly Client[]; again(): void; onSecret(secret: string, name: string): void }) {
  const words = useSpoken(spoken);
  const tell = useTelling();
  const [{ does, client: code }, change] = useAddress();
  const client = found.find((each) => each.code === code) ?? null;
  const close = () => change({ does: undefined, client: undefined });
  if (does === 'make') return <ClientForm client={null} onClose={close} onSecret={onSecret} again={again} />;
  if (!client) return null;
  const named = { name: client.name };
  if (does === 'change') return <ClientForm client={client} onClose={close} onSecret={onSecret} again={again} />;
  if (does === 'rotate') {
    return (
      <Really
        title={said(words.rotateOne, named)} why={words.rotateWhy} does={words.rotate} document={Rotate} code={client.code} onClose={close}
        onDone={({ secret }) => { close(); if (secret) onSecret(secret, client.name); }}
      />
    );
  }
  if (does !== 'disable') return null;
  return (
    <Really
      title={said(words.disableOne, named)} why={words.disableWhy} does={words.disable} document={Disable} code={client.code} onClose={close}
      onDone={() => { close(); again(); tell({ said: said(words.disabled, named) }); }}
    />
  );
}

export default function ClientsPage() {
  const words = useSpoken(spoken);
  const [, change] = useAddress();
  const [told, setTold] = useState<{ secret: string; name: string } | null>(null);
  const heads = [words.name, words.actsFor, words.role, words.scopes, words.documents, words.status, words.more];
  return (
    <>
      <h1>{words.title}</h1>
      <p className="quiet">{words.intro}</p>
      <Asked query={Clients} variables={{}} fresh>
        {({ clients }, again) => (
          <>
            {clients && <p><button type="button" className="first" onClick={() => change({ does: 'make' })}>{words.make}</button></p>}
            {!clients?.length ? <p>{words.none}</p> : (
              <Sheet title={words.title} heads={heads}>{clients.map((each) => <Line key={each.code} of={each} />)}</Sheet>
            )}
            <Asking found={clients ?? []} again={again} onSecret={(secret, name) => setTold({ secret, name })} />
          </>
        )}
      </Asked>
      {told && <Secret {...told} onKept={() => setTold(null)} />}
    </>
  );
}
