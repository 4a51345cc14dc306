"""Records: any row of the graph made, changed, deleted and restored, under the policy.

What a caller gives becomes drafts, one for each record, and these go through the same steps together, so that two hundred
cost little more than one. Whatever is wrong is noted in its draft; nothing is written where anything is.

    1  values      what was given, as it is stored                                      values
    2  references  ids resolve through the caller's views                               references
    3  rows        customers are locked first, then the records, both in order of key   locking
    4  defaults    what follows from the customer, the entity and the policy's presets  defaults
    5  checks      what the row as a whole must be                                      app.services.checks
    6  write       rows, keys that are unique everywhere, change events                 storing, unique_keys, events
    7  last        the rows after are granted, too                                      permission
"""
