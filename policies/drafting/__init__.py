"""Drafting: a policy's documents changed one piece at a time, and what two policies, or one, come to.

writing     plain values as YAML on one line
places      where in a text each part of a document stands
splicing    parts set and taken away at these places; all else keeps every byte
editing     a rule, or the head, of one document
dating      days and moments of a rule that comes as JSON, which has texts for them
documents   the documents of a policy: roles come and go, and the whole is read again
written     the roles and rules as they are written
sentences   a rule in words
tables      tests as they are written
differing   what differs between two policies
matrix      what each role is shown of each field
"""
