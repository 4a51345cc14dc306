/** What is asked and done about clients. */
import { graphql, type ResultOf } from '../../graph';

export const Clients = graphql(`
  query Clients { clients { ...Told } }
  fragment Told on Client {
    code name scopes isPublic isOwn redirectUris itself role department region networks documents requestsPerMinute costPerMinute expiresAt disabledAt
    trustedCount trustedDocuments { id name }
  }
`);
export const Create = graphql(`mutation ClientCreate($input: ClientCreateInput!) { done: clientCreate(input: $input) { secret client { code name } userErrors { code field message } } }`);
export const Update = graphql(`mutation ClientUpdate($input: ClientUpdateInput!) { done: clientUpdate(input: $input) { client { code name } userErrors { code field message } } }`);
export const Rotate = graphql(`mutation ClientRotate($input: ClientRotateInput!) { done: clientRotate(input: $input) { secret client { code name } userErrors { code field message } } }`);
export const Disable = graphql(`mutation ClientDisable($input: ClientDisableInput!) { done: clientDisable(input: $input) { client { code name } userErrors { code field message } } }`);

export type Client = NonNullable<ResultOf<typeof Clients>['clients']>[number];
