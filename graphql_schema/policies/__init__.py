"""The policy itself, told to those in whose view it is, and changed by those whom it lets.

version     `policy`: what a version says
findings    what lint and tests find
mutations   drafts begun, versions brought back, tests run; steps of a version stand with the other processes
"""
