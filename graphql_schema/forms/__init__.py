"""`formSchema`: what a front end asks of a record, told from what writes are judged by and from the caller's rights.

types       the field's types
facts       what is told of columns: by the schema's own definitions, without a look at any row
custom      what is told of custom fields, from the caller's view of their definitions
field       its JSON
"""
