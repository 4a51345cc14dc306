"""Mutations: the caller's input → drafts of records → what was written, read back by the compiler in one transaction.

inputs      what may be given, from each entity's members
given       what was given, as services take it
payloads    what is answered
declaring   one declaration for each mutation
entities    create, update, delete and restore of every entity
steps       steps of processes
processes   all of them, by domain
segments    rules of segments, and whom they find
previewing  whom a rule would find
merging     customers that are one, and the way back
reserved    fields that only such steps set
selection   what is selected of a payload
watched     what the audit trail keeps of it, and of what sign-ins write
answering   runs a mutation, and reads back what is selected of it
schema      the type Mutation
"""
