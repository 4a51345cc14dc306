// What four clients do alike: hear the caller's roles, have an administrator change them, and hear them again.
import { GRAPH } from "./server.mjs";

const { ADMIN, USER } = process.env;
export const SUBSCRIPTION = "subscription Access { viewerAccessChanged { viewer { roles } } }";

async function administer(query, variables) {
  const headers = { "content-type": "application/json", authorization: `Bearer ${ADMIN}` };
  const response = await fetch(GRAPH, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** Gives the user the role of a marketer, and tells how it is taken again. */
async function promote() {
  const { roles } = await administer(`{ roles(where: { code: { eq: "marketer" } }) { nodes { id } } }`);
  const input = { user: USER, role: roles.nodes[0].id };
  const made = await administer(
    `mutation ($input: RoleAssignmentCreateInput!) { roleAssignmentCreate(input: $input) { roleAssignment { id } userErrors { message } } }`,
    { input },
  );
  const { roleAssignment, userErrors } = made.roleAssignmentCreate;
  if (!roleAssignment) throw new Error(JSON.stringify(userErrors));
  return () =>
    administer(`mutation ($input: RoleAssignmentDeleteInput!) { roleAssignmentDelete(input: $input) { userErrors { message } } }`, {
      input: { id: roleAssignment.id },
    });
}

/** The roles that a client hears of: `subscribe` begins, calls back with each answer, and returns how it ends. */
export async function heard(subscribe) {
  const roles = [];
  let demote;
  await new Promise((resolve, reject) => {
    const end = subscribe(async ({ data, errors, error }) => {
      try {
        if (errors ?? error) throw new Error(JSON.stringify(errors ?? error));
        roles.push(data.viewerAccessChanged.viewer.roles);
        if (roles.length === 1) demote = await promote();
        if (roles.length === 2) await demote();
        if (roles.length === 3) {
          end();
          resolve();
        }
      } catch (failure) {
        reject(failure);
      }
    });
  });
  return roles;
}
