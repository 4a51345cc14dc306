"""The policy itself, told to those in whose view it is.

version     `policy`: the documents of a version
"""
