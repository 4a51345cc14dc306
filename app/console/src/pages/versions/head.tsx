/** What stands above each page of a version: what it is, and the ways to its pages. */
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';

import type { VersionHeadQuery } from '../../generated/graphql';
import { Asked } from '../../parts/asked';
import { said, useSpoken } from '../../words';
import { FRESH, Head } from './asking';
import { words as spoken } from './words';

export type Version = NonNullable<VersionHeadQuery['policy']> & { row: NonNullable<VersionHeadQuery['policyVersions']>['nodes'][number] | null };

const PAGES = ['', '/rules', '/tests', '/compare', '/impact', '/shadow'] as const;

export function mayChange(version: Version): boolean {
  return version.status === 'DRAFT' && (version.row?.access.updatable.includes('document') ?? false);
}

export function Status({ of }: { of: string | null | undefined }) {
  const words = useSpoken(spoken);
  return <span className={`status ${of ?? ''}`}>{words.statuses[of ?? ''] ?? of}</span>;
}

function Ways({ number }: { number: number }) {
  const words = useSpoken(spoken);
  const [here] = useLocation();
  const isHere = (to: string, page: string) => page === '' ? here === to : here.startsWith(to);
  return (
    <nav className="subpages" aria-label={said(words.one, { number })}>
      {PAGES.map((page) => {
        const to = `/versions/${number}${page}`;
        return <Link key={page} href={to} aria-current={isHere(to, page) ? 'page' : undefined}>{words.pages[page]}</Link>;
      })}
    </nav>
  );
}

/** Draws a page of a version that is in view. */
export function OfVersion({ number, children }: { number: number; children(version: Version): ReactNode }) {
  const words = useSpoken(spoken);
  return (
    <>
      <p><Link href="/versions">{words.back}</Link></p>
      <div className="title"><h1>{said(words.one, { number })}</h1></div>
      <Asked query={Head} variables={{ number }} context={FRESH}>
        {({ policy, policyVersions }) => policy ? (
          <>
            <p className="under-title">
              <Status of={policy.status} />
              {policy.note && <span className="note">{policy.note}</span>}
            </p>
            <Ways number={number} />
            {children({ ...policy, row: policyVersions?.nodes[0] ?? null })}
          </>
        ) : <p>{words.withheld}</p>}
      </Asked>
    </>
  );
}
