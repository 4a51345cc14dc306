/** What a draft would change, as the graph tells it. */
import { graphql, type ResultOf } from '../../graph';

export const Impact = graphql(`
  query Impact($draft: Int!, $sample: Int) {
    policyImpact(draft: $draft, sample: $sample) {
      complete
      documents { client id name errors }
      groups { roles users sampled people { id name types { ...Weighed } } types { ...Weighed } }
    }
  }
  fragment Weighed on PolicyImpactEntity { type countable gained lost fields { field plain masked withheld } }
`);

export type Told = NonNullable<ResultOf<typeof Impact>['policyImpact']>;
export type Group = Told['groups'][number];
export type Person = Group['people'][number];
export type Type = Group['types'][number];
