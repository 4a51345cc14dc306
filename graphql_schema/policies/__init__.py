"""The policy itself, told to those in whose view it is, and changed by those whom it lets.

version     `policy`: what a version says
roles       its roles and rules
matrix      what each role alone is shown
comparing   `policyDiff`, `policyLint`, `policyTests`
findings    what lint and tests find
mutations   drafts begun, versions brought back, tests run; steps of a version stand with the other processes
"""
