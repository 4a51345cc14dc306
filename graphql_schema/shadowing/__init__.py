"""Shadow mode: reads that were answered under the policy in force are asked of a draft, too, and the differences counted.

marking    a query whose answer tells of which rows it is made
plans      one query under both policies
counting   what differs → what is counted
shadowing  which queries are asked so, and when there is time for it
"""
