/** The roles and scopes of a version, found by what they are called. */
import { useState } from 'react';
import { Link } from 'wouter';

import { Asked } from '../../../parts/asked';
import { useSpoken } from '../../../words';
import { FRESH, RoleNames } from '../asking';
import { mayChange, type Version } from '../head';
import { words as spoken } from './words';

export function RoleList({ version, chosen }: { version: Version; chosen: string | undefined }) {
  const words = useSpoken(spoken);
  const [text, setText] = useState('');
  const to = (code: string) => `/versions/${version.number}/rules/${encodeURIComponent(code)}`;
  return (
    <nav className="roles" aria-label={words.roles}>
      <label className="search">{words.find}<input value={text} onChange={(event) => setText(event.target.value)} /></label>
      <Asked query={RoleNames} variables={{ number: version.number }} context={FRESH}>
        {({ policy }) => (
          <ul>
            {policy?.roles?.filter(({ code, name }) => `${code} ${name}`.toLowerCase().includes(text.toLowerCase())).map(({ code, name }) => (
              <li key={code}>
                <Link href={to(code)} aria-current={chosen !== undefined && decodeURIComponent(chosen) === code ? 'page' : undefined}>
                  {name}{name !== code && <small>{code}</small>}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Asked>
      {mayChange(version) && <Link href={to('-')}>{words.newRole}</Link>}
    </nav>
  );
}
