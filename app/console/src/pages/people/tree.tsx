/** Departments, or regions, as a tree of which each place is opened when it is asked for. */
import { useState } from 'react';
import { useQuery } from 'urql';

import { graphql } from '../../graph';
import { useAddress } from '../../parts/address';
import { said, useSpoken, useWords } from '../../words';
import { words as spoken } from './words';

const Departments = graphql(`
  query Departments($where: DepartmentWhere) {
    places: departments(first: 100, where: $where, orderBy: [{ field: NAME }]) { nodes { id name code path children(first: 1) { nodes { id } } } }
  }
`);
const Regions = graphql(`
  query Regions($where: RegionWhere) {
    places: regions(first: 100, where: $where, orderBy: [{ field: NAME }]) { nodes { id name code path children(first: 1) { nodes { id } } } }
  }
`);
const TREES = { department: Departments, region: Regions } as const;
export type Tree = keyof typeof TREES;

function Place({ tree, at }: { tree: Tree; at: { id: string; name?: string | null; code?: string | null; path?: string | null; children: { nodes: readonly unknown[] } } }) {
  const words = useSpoken(spoken);
  const [chosen, change] = useAddress();
  const path = at.path ?? '';
  const isHere = chosen[tree] === path;
  const [isOpen, setOpen] = useState(Boolean(chosen[tree]?.startsWith(path) && !isHere));
  const name = at.name ?? at.code ?? '?';
  return (
    <li>
      <div className="place">
        {at.children.nodes.length > 0 ? (
          <button type="button" className="opens" aria-expanded={isOpen} aria-label={said(words.open, { name })} onClick={() => setOpen(!isOpen)}>{isOpen ? '▾' : '▸'}</button>
        ) : <span className="opens" />}
        <button type="button" className="at" aria-pressed={isHere} onClick={() => change({ [tree]: isHere ? undefined : path, after: undefined, before: undefined })}>{name}</button>
      </div>
      {isOpen && <Places tree={tree} below={at.id} />}
    </li>
  );
}

/** The places below another, or at the top. */
export function Places({ tree, below }: { tree: Tree; below?: string }) {
  const { loading, failed } = useWords();
  const where = { parent: below ? { eq: below } : { isNull: true } };
  const [{ data, error }] = useQuery({ query: TREES[tree], variables: { where } });
  if (error) return <p className="failed">{failed}</p>;
  if (!data) return <p className="quiet">{loading}</p>;
  return <ul className="tree">{data.places?.nodes.map((each) => <Place key={each.id} tree={tree} at={each} />)}</ul>;
}
