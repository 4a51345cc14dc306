"""Aggregates: groups of a view's rows, and what is counted and measured of each.

buckets      spans of the calendar in a time zone     zones   the time zones that there are
trees        places in a tree, rolled up to a level   money   amounts by currency
suppression  groups too small to be shown
measures     what is measured
grouping     one pass over some rows: groups with their measures
"""
