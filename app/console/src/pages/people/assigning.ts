/** What is asked and done about the roles that somebody holds. */
import { graphql, type ResultOf } from '../../graph';

export const Person = graphql(`
  query Person($id: ID!) {
    user(id: $id) {
      id displayName email status department { id name } region { id name } manager { id displayName }
      roleAssignments(first: 100) {
        nodes { id version validFrom validTo role { id name } department { id name } region { id name } grantedBy { id displayName } }
      }
    }
  }
`);
export const Give = graphql(`
  mutation Give($input: RoleAssignmentCreateInput!) {
    done: roleAssignmentCreate(input: $input) { roleAssignment { id version } userErrors { code field message } }
  }
`);
export const Change = graphql(`
  mutation Change($input: RoleAssignmentUpdateInput!) {
    done: roleAssignmentUpdate(input: $input) { roleAssignment { id version } userErrors { code field message } }
  }
`);
export const Take = graphql(`
  mutation Take($input: RoleAssignmentDeleteInput!) {
    done: roleAssignmentDelete(input: $input) { userErrors { code field message } }
  }
`);
export const Restore = graphql(`
  mutation Restore($input: RoleAssignmentRestoreInput!) {
    done: roleAssignmentRestore(input: $input) { roleAssignment { id } userErrors { code field message } }
  }
`);

export type Someone = NonNullable<ResultOf<typeof Person>['user']>;
export type Held = Someone['roleAssignments']['nodes'][number];
