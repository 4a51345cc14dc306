/** What is asked and done about the shadow of a version. */
import { graphql, type ResultOf } from '../../graph';

export const Shadow = graphql(`
  query Shadow($version: Int!) {
    policyShadow(version: $version) {
      since compared dropped failed uncountable
      operations { roles operation compared refused differing types { type gained lost fields { field plain masked withheld } } }
    }
  }
`);
export const Shadowed = graphql(`
  query Shadowed($number: Int!) {
    policyVersions(first: 1, where: { number: { eq: $number } }) { nodes { id number version status shadowShare shadowUntil access { updatable } } }
  }
`);
export const Start = graphql(`
  mutation ShadowStart($input: PolicyShadowStartInput!) { done: policyShadowStart(input: $input) { policyVersion { id version } userErrors { code field message } } }
`);
export const Stop = graphql(`
  mutation ShadowStop($input: PolicyShadowStopInput!) { done: policyShadowStop(input: $input) { policyVersion { id version } userErrors { code field message } } }
`);

export type Told = NonNullable<ResultOf<typeof Shadow>['policyShadow']>;
export type Version = NonNullable<ResultOf<typeof Shadowed>['policyVersions']>['nodes'][number];
