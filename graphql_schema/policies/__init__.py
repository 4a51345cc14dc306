"""The policy itself, told to those in whose view it is, and changed by those whom it lets.

version     `policy`: what a version says
roles       its roles and rules
matrix      what each role alone is shown
terms       `policyTerms`: what rules may speak of
comparing   `policyDiff`, `policyLint`, `policyTests`
findings    what lint and tests find
mutations   drafts begun, versions brought back, tests run; steps of a version stand with the other processes
looking     as whom somebody looks, under which policy, and the rights of both
simulating  `policySimulate`: a query as somebody else
explaining  `explainAccess`: why somebody sees a row
effective   `effectiveAccess`: all that somebody may see and do
seeing      `whoCanSee`: who sees a row
past        `accessAt`: who saw it at a moment
impact      `policyImpact`: what a draft would change; `breaking` the documents that it would break
types       what is told of rules and fields
roots       all of these fields of Query
"""
