/** A client that is made, or changed. */
import { useId, type ReactNode } from 'react';

import type { DocumentMode } from '../../generated/graphql';
import { graphql } from '../../graph';
import { useDoing, useTelling } from '../../parts/doing';
import { Finder } from '../../parts/finder';
import { Panel } from '../../parts/panel';
import { useRoles } from '../../parts/roles';
import { useForm } from '../../parts/unsent';
import { typed } from '../../parts/value';
import { said, useSpoken, useWords } from '../../words';
import { Create, Update, type Client } from './asked';
import { words as spoken } from './words';

const Departments = graphql(`query DepartmentCodes($text: String!) { departments(first: 20, where: { name: { contains: $text } }, orderBy: [{ field: PATH }]) { nodes { id code name path } } }`);
const Regions = graphql(`query RegionCodes($text: String!) { regions(first: 20, where: { name: { contains: $text } }, orderBy: [{ field: PATH }]) { nodes { id code name path } } }`);

const EMPTY = {
  code: '', name: '', scopes: 'graph', isPublic: false, itself: false, redirectUris: '', role: '', department: '', region: '', networks: '',
  documents: 'OFF', requestsPerMinute: '', costPerMinute: '', expiresAt: '',
};
type Written = typeof EMPTY;

function of(client: Client | null): Written {
  if (!client) return EMPTY;
  return {
    ...EMPTY, code: client.code, name: client.name, scopes: client.scopes.join(' '), isPublic: client.isPublic, itself: client.itself,
    redirectUris: client.redirectUris.join('\n'), role: client.role ?? '', department: client.department ?? '', region: client.region ?? '',
    networks: client.networks.join('\n'), documents: client.documents, requestsPerMinute: String(client.requestsPerMinute ?? ''),
    costPerMinute: String(client.costPerMinute ?? ''), expiresAt: typed(client.expiresAt),
  };
}

const listed = (text: string) => text.split(/\s+/).filter(Boolean);

/** What is sent of it: all that may be changed. */
function sent(form: Written) {
  return {
    code: form.code.trim(), name: form.name, scopes: listed(form.scopes), redirectUris: listed(form.redirectUris), itself: form.itself, role: form.role || null,
    department: form.department || null, region: form.region || null, networks: listed(form.networks), documents: form.documents as DocumentMode,
    requestsPerMinute: form.requestsPerMinute ? Number(form.requestsPerMinute) : null, costPerMinute: form.costPerMinute ? Number(form.costPerMinute) : null,
    expiresAt: form.expiresAt ? new Date(form.expiresAt).toISOString() : null,
  };
}

interface Asked { client: Client | null; onClose(): void; onSecret(secret: string, name: string): void; again(): void }

export function ClientForm({ client, onClose, onSecret, again }: Asked) {
  const words = useSpoken(spoken);
  const common = useWords();
  const roles = useRoles();
  const doing = useDoing();
  const tell = useTelling();
  const [form, write, clear] = useForm(`client.${client?.code ?? ''}`, of(client));

  function done(sentence: string, undo?: () => Promise<unknown>) {
    clear();
    onClose();
    again();
    tell({ said: said(sentence, { name: form.name }), undo, again });
  }

  async function save() {
    if (client) {
      const found = await doing.run(Update, { input: sent(form) });
      if (found) done(words.changed, () => doing.run(Update, { input: sent(of(client)) }));
    } else {
      const found = await doing.run(Create, { input: { ...sent(form), isPublic: form.isPublic } });
      if (!found) return;
      done(words.made);
      if (found.secret) onSecret(found.secret, form.name);
    }
  }

  const text = (name: keyof Written, label: string, more: { required?: boolean; disabled?: boolean; type?: string } = {}) => (
    <Labelled label={label}>{(id) => <input id={id} value={String(form[name])} onChange={(event) => write({ [name]: event.target.value })} {...more} />}</Labelled>
  );
  const lines = (name: keyof Written, label: string) => (
    <Labelled label={label}>{(id) => <textarea id={id} rows={2} value={String(form[name])} spellCheck={false} onChange={(event) => write({ [name]: event.target.value })} />}</Labelled>
  );
  const check = (name: 'isPublic' | 'itself', label: string) => (
    <label className="check"><input type="checkbox" checked={form[name]} onChange={(event) => write({ [name]: event.target.checked })} />{label}</label>
  );
  return (
    <Panel title={client ? said(words.changeOne, { name: client.name }) : words.make} onClose={onClose}>
      <form className="client" onSubmit={(event) => { event.preventDefault(); void save(); }}>
        {text('name', words.name, { required: true })}
        {!client && text('code', words.codeWhat, { required: true })}
        {text('scopes', words.scopesWhat)}
        {!client && check('isPublic', words.isPublic)}
        {check('itself', words.itself)}
        {lines('redirectUris', words.redirectUris)}
        <Labelled label={words.roleWhat}>
          {(id) => (
            <select id={id} value={form.role} onChange={(event) => write({ role: event.target.value })}>
              <option value="">{words.choose}</option>
              {roles.all.map((each) => <option key={each.id} value={each.code}>{each.name}</option>)}
            </select>
          )}
        </Labelled>
        <Finder
          label={words.department} query={Departments} variables={(sought) => ({ text: sought })} chosen={form.department}
          options={({ departments }) => (departments?.nodes ?? []).map((each) => ({ id: each.code ?? '', name: each.name ?? '', more: each.path ?? undefined }))}
          onChoose={(option) => write({ department: option?.id ?? '' })}
        />
        <Finder
          label={words.region} query={Regions} variables={(sought) => ({ text: sought })} chosen={form.region}
          options={({ regions }) => (regions?.nodes ?? []).map((each) => ({ id: each.code ?? '', name: each.name ?? '', more: each.path ?? undefined }))}
          onChoose={(option) => write({ region: option?.id ?? '' })}
        />
        {lines('networks', words.networks)}
        <Labelled label={words.documents}>
          {(id) => (
            <select id={id} value={form.documents} onChange={(event) => write({ documents: event.target.value })}>
              {Object.entries(words.modes).map(([mode, name]) => <option key={mode} value={mode}>{name}</option>)}
            </select>
          )}
        </Labelled>
        {text('requestsPerMinute', words.requestsPerMinute, { type: 'number' })}
        {text('costPerMinute', words.costPerMinute, { type: 'number' })}
        {text('expiresAt', words.expiresAt, { type: 'datetime-local' })}
        {doing.trouble}
        <div className="actions">
          <button type="submit" className="first" disabled={doing.isBusy}>{client ? common.save : words.make}</button>
          <button type="button" onClick={() => { clear(); onClose(); }}>{common.cancel}</button>
        </div>
      </form>
    </Panel>
  );
}

function Labelled({ label, children }: { label: string; children(id: string): ReactNode }) {
  const id = useId();
  return <div className="labelled"><label htmlFor={id}>{label}</label>{children(id)}</div>;
}
