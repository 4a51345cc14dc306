/** What is chosen of the matrix, in its address. */
import { useEffect, useState } from 'react';
import { useQuery } from 'urql';

import { graphql } from '../../graph';
import { useAddress } from '../../parts/address';
import { usePhrases } from '../../parts/sentences';
import { CLASSES, type Terms } from '../../parts/terms';
import { useSettled } from '../../parts/waiting';
import { said, useSpoken } from '../../words';
import { useTypeName } from '../../words/types';
import type { OfRole } from './matrix';
import { words as spoken } from './words';

const Versions = graphql(`
  query MatrixVersions { policyVersions(first: 100, orderBy: [{ field: NUMBER, direction: DESC }]) { nodes { id number status note } } }
`);

interface Given {
  terms: Terms;
  version: number;
  roles: readonly OfRole[];
}

export function Filtering({ terms, version, roles }: Given) {
  const words = useSpoken(spoken);
  const phrases = usePhrases();
  const typeName = useTypeName();
  const [{ class: ofClass, type, a, b, against, only }, change] = useAddress();
  const [{ data }] = useQuery({ query: Versions });
  const versions = (data?.policyVersions?.nodes ?? []).map(({ number, status, note }) => ({
    value: String(number), text: `${said(words.ofVersion, { number: number ?? '' })} · ${words.statuses[status ?? '']}${note ? ` · ${note}` : ''}`,
  }));
  const codes = roles.map(({ code, name }) => ({ value: code, text: name }));
  return (
    <div className="filters">
      <Choice label={words.version} value={String(version)} options={versions} onChoose={(value) => change({ version: value })} />
      <Typed label={words.roles} name="role" />
      <Choice label={words.type} value={type} none={words.all} options={terms.types.map(({ name }) => ({ value: name, text: typeName(name) }))} onChoose={(value) => change({ type: value })} />
      <Typed label={words.text} name="text" />
      <Choice label={words.class} value={ofClass} none={words.all} options={CLASSES.map((each) => ({ value: each, text: phrases.classes[each] ?? each }))} onChoose={(value) => change({ class: value })} />
      <details className="comparing" open={Boolean(a || b || against)}>
        <summary>{words.compare}</summary>
        <div className="filters">
          <Choice label={words.role} value={a} none={words.none} options={codes} onChoose={(value) => change({ a: value })} />
          <Choice label={words.withRole} value={b} none={words.none} options={codes} onChoose={(value) => change({ b: value })} />
          <Choice label={words.withVersion} value={against} none={words.none} options={versions.filter(({ value }) => value !== String(version))} onChoose={(value) => change({ against: value })} />
          <label className="check">
            <input type="checkbox" checked={Boolean(only)} onChange={(event) => change({ only: event.target.checked ? 'yes' : undefined })} />{words.onlyDifferences}
          </label>
        </div>
      </details>
    </div>
  );
}

interface Choice {
  label: string;
  value: string | undefined;
  none?: string;
  options: readonly { value: string; text: string }[];
  onChoose(value: string | undefined): void;
}

function Choice({ label, value, none, options, onChoose }: Choice) {
  return (
    <label>{label}
      <select value={value ?? ''} onChange={(event) => onChoose(event.target.value || undefined)}>
        {none !== undefined && <option value="">{none}</option>}
        {options.map((each) => <option key={each.value} value={each.value}>{each.text}</option>)}
      </select>
    </label>
  );
}

function Typed({ label, name }: { label: string; name: string }) {
  const [address, change] = useAddress();
  const [text, setText] = useState(address[name] ?? '');
  const settled = useSettled(text, 200);
  useEffect(() => { if (settled !== (address[name] ?? '')) change({ [name]: settled }, { replace: true }); }, [settled]);
  return <label>{label}<input type="search" value={text} onChange={(event) => setText(event.target.value)} /></label>;
}
