"""Customers that may be one: pairs that were found, what merging some would come to, and whom a new one resembles.

types       the types that these share
evidence    on what a score rests, as far as the caller sees it
candidates  `duplicateCandidates`
preview     `customerMergePreview`
"""
