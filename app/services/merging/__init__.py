"""Merging: customers that are one become one, and can be taken apart again for thirty days.

What belongs to a merged customer is made anew under the customer that stays, and goes from where it was: a row's customer is
part of its key. The merged customer is deleted and says into which it was merged. Every row that is moved or changed
leaves a change event that names the merged customer, and from these events a merge is undone.

tables    which tables belong to customers, in the order in which rows can be made
clashes   what cannot be twice with one customer: one primary contact, one address of a kind to use
moving    rows from one customer to another, as SQL
others    rows of other customers that point at one
checking  what stands in the way of a merge
merging   the merge
undoing   the way back
"""
