/** What is asked of versions, and done with them. */
import type { OperationContext } from 'urql';

import { graphql } from '../../graph';

/** Answers about versions are asked anew where one is changed here, or elsewhere meanwhile. */
export const FRESH: Partial<OperationContext> = { additionalTypenames: ['PolicyVersion'], requestPolicy: 'cache-and-network' };

export const Head = graphql(`
  query VersionHead($number: Int!) {
    policy(version: $number) { id number status version author note basedOn activatedAt }
    policyVersions(first: 1, where: { number: { eq: $number } }) {
      nodes { id number status reason decidedAt submittedBy { id displayName } decidedBy { id displayName } access { updatable } }
    }
  }
`);

export const Documents = graphql(`
  query VersionDocuments($number: Int!) {
    policy(version: $number) { id number version files { name text } tests { name text } }
  }
`);

export const InForce = graphql(`
  query InForce { policy { id number version files { name text } tests { name text } } }
`);

export const Roles = graphql(`
  query VersionRoles($number: Int!, $codes: [String!]) {
    policy(version: $number) {
      id number status version
      roles(codes: $codes) { code name includes schema minGroup file rules { index rule line } }
      files { name text }
    }
  }
`);

export const RoleNames = graphql(`
  query NamesOfRoles($number: Int!) { policy(version: $number) { id number status version roles { code name } } }
`);

export const Diff = graphql(`
  query Diff($a: Int!, $b: Int!) { policyDiff(a: $a, b: $b) { change role index sentence before after } }
`);

export const Lint = graphql(`
  query Lint($number: Int!, $with: JSON) {
    policyLint(version: $number, with: $with) { check severity file line column role message }
  }
`);

export const TestRun = graphql(`
  mutation TestRun($input: PolicyTestRunInput!) {
    done: policyTestRun(input: $input) {
      cases findings { check severity file line column role message } userErrors { code field message params }
    }
  }
`);

export const Create = graphql(`
  mutation Create($input: PolicyDraftCreateInput!) {
    done: policyDraftCreate(input: $input) { policyVersion { id number version } userErrors { code field message params } }
  }
`);

export const Submit = graphql(`
  mutation Submit($input: PolicySubmitInput!) {
    done: policySubmit(input: $input) { policyVersion { id number version } userErrors { code field message params } }
  }
`);

export const Approve = graphql(`
  mutation Approve($input: PolicyApproveInput!) {
    done: policyApprove(input: $input) { policyVersion { id number version } userErrors { code field message params } }
  }
`);

export const Reject = graphql(`
  mutation Reject($input: PolicyRejectInput!) {
    done: policyReject(input: $input) { policyVersion { id number version } userErrors { code field message params } }
  }
`);

export const Activate = graphql(`
  mutation Activate($input: PolicyActivateInput!) {
    done: policyActivate(input: $input) { policyVersion { id number version } userErrors { code field message params } }
  }
`);

export const Discard = graphql(`
  mutation Discard($input: PolicyDraftDiscardInput!) {
    done: policyDraftDiscard(input: $input) { policyVersion { id number version } userErrors { code field message params } }
  }
`);

export const RollBack = graphql(`
  mutation RollBack($input: PolicyRollbackInput!) {
    done: policyRollback(input: $input) { policyVersion { id number version } userErrors { code field message params } }
  }
`);

export const RuleSet = graphql(`
  mutation RuleSet($input: PolicyDraftRuleSetInput!) {
    done: policyDraftRuleSet(input: $input) { policyVersion { id number version } userErrors { code field message params } }
  }
`);

export const RuleRemove = graphql(`
  mutation RuleRemove($input: PolicyDraftRuleRemoveInput!) {
    done: policyDraftRuleRemove(input: $input) { policyVersion { id number version } userErrors { code field message params } }
  }
`);

export const RoleSet = graphql(`
  mutation RoleSet($input: PolicyDraftRoleSetInput!) {
    done: policyDraftRoleSet(input: $input) { policyVersion { id number version } userErrors { code field message params } }
  }
`);

export const RoleRemove = graphql(`
  mutation RoleRemove($input: PolicyDraftRoleRemoveInput!) {
    done: policyDraftRoleRemove(input: $input) { policyVersion { id number version } userErrors { code field message params } }
  }
`);

export const FileSet = graphql(`
  mutation FileSet($input: PolicyDraftFileSetInput!) {
    done: policyDraftFileSet(input: $input) { policyVersion { id number version } userErrors { code field message params } }
  }
`);

export const TestsSet = graphql(`
  mutation TestsSet($input: PolicyDraftTestsSetInput!) {
    done: policyDraftTestsSet(input: $input) { policyVersion { id number version } userErrors { code field message params } }
  }
`);

/** What somebody else made of a draft meanwhile, and who it was. */
export const Theirs = graphql(`
  query Theirs($number: Int!, $codes: [String!]) {
    policy(version: $number) {
      id number status version
      roles(codes: $codes) { code name includes schema minGroup file rules { index rule line } }
      files { name text } tests { name text }
    }
    policyVersions(first: 1, where: { number: { eq: $number } }) {
      nodes { id changeHistory(first: 1) { nodes { id at actor { id displayName } } } }
    }
  }
`);

export const Tables = graphql(`
  query Tables($number: Int!) { policy(version: $number) { id number status version tables tests { name text } } }
`);
