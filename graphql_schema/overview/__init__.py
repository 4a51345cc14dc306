"""What there is of a customer, in figures and at a glance.

figures   what is counted, summed and picked, each over which rows
counting  figures over rows of one type, in one pass over them
picking   one row of many: the last order, the next task, each kind's latest score
types     the field's types
field     its JSON
"""
