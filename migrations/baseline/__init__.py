"""The first tables, one domain per file."""
