/** What is told of types in several places, added up. */
export interface Turned { field: string; plain: number; masked: number; withheld: number }

interface Told { type: string; gained?: number | null; lost?: number | null; fields: readonly Turned[] }

export function sum<Of>(all: readonly Of[], figure: (each: Of) => number | null | undefined): number {
  return all.reduce((before, each) => before + (figure(each) ?? 0), 0);
}

function byField(told: readonly Turned[]): Turned[] {
  return [...Map.groupBy(told, ({ field }) => field)].map(([field, all]) => ({
    field, plain: sum(all, (each) => each.plain), masked: sum(all, (each) => each.masked), withheld: sum(all, (each) => each.withheld),
  }));
}

/** By type, with all that was told `of` it. */
export function byType<Of extends Told>(told: readonly Of[]) {
  return [...Map.groupBy(told, ({ type }) => type)].map(([type, of]) => ({
    type, of, gained: sum(of, (each) => each.gained), lost: sum(of, (each) => each.lost), fields: byField(of.flatMap(({ fields }) => fields)),
  }));
}
