/** What roles are shown of types: asked for as far as it is looked at, in blocks, and kept. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useClient, type Client } from 'urql';

import { graphql } from '../../graph';

export interface Cell {
  shown: string;
  mask: string | null;
}

/** By field; empty where no record is seen. */
export type Line = ReadonlyMap<string, Cell>;

const Lines = graphql(`
  query Lines($version: Int!, $roles: [String!], $resources: [String!]) {
    policy(version: $version) { matrix(roles: $roles, resources: $resources) { role resource cells { field shown mask } } }
  }
`);

const BLOCK = 20;
const PAUSE = 50;
/** Blocks that are asked for at once. */
const AT_ONCE = 2;

/** The lines of one version. */
export class Store {
  readonly lines = new Map<string, Line>();
  private wanted: string[][] = [];
  private readonly asked = new Set<string>();
  private under = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  failure: Error | null = null;

  constructor(private readonly client: Client, private readonly version: number, private readonly changed: () => void) {}

  line(role: string, type: string): Line | undefined {
    return this.lines.get(`${role} ${type}`);
  }

  /** Has what is looked at asked for; what was wanted before, and is not yet asked for, is not wanted any more. */
  want(roles: readonly string[], from: number, to: number, types: readonly string[]) {
    const blocks: string[][] = [];
    for (const type of types) {
      for (let at = Math.floor(from / BLOCK) * BLOCK; at < to; at += BLOCK) {
        const missing = roles.slice(at, at + BLOCK).filter((role) => !this.asked.has(`${role} ${type}`));
        if (missing.length > 0) blocks.push([type, ...missing]);
      }
    }
    this.wanted = blocks;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.next(), PAUSE);
  }

  private next() {
    while (this.under < AT_ONCE && this.wanted.length > 0) {
      const [type, ...roles] = this.wanted.shift()!;
      const types = [type!];
      while (this.wanted[0] && this.wanted[0].slice(1).join() === roles.join() && types.length < 4) types.push(this.wanted.shift()![0]!);
      void this.ask(roles, types);
    }
  }

  private async ask(roles: string[], types: string[]) {
    const keys = roles.flatMap((role) => types.map((type) => `${role} ${type}`));
    for (const key of keys) this.asked.add(key);
    this.under++;
    const asked = this.client.query(Lines, { version: this.version, roles, resources: types }, { requestPolicy: 'network-only' });
    const { data, error } = await asked.toPromise();
    this.under--;
    this.failure = error ?? null;
    if (error) for (const key of keys) this.asked.delete(key);
    for (const { role, resource, cells } of data?.policy?.matrix ?? []) {
      this.lines.set(`${role} ${resource}`, new Map(cells.map(({ field, shown, mask }) => [field, { shown, mask: mask ?? null }])));
    }
    this.changed();
    if (!error) this.next();
  }
}

/** The lines of a version in a state of it; `told` counts what came. */
export function useLines(version: number | null, state: number | null) {
  const client = useClient();
  const [told, setTold] = useState(0);
  const alive = useRef(true);
  useEffect(() => {
    alive.current = true;
    return () => { alive.current = false; };
  }, []);
  const changed = useCallback(() => { if (alive.current) setTold((count) => count + 1); }, []);
  const store = useMemo(() => (version === null ? null : new Store(client, version, changed)), [client, version, state, changed]);
  return { store, told };
}
