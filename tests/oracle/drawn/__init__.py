"""Random models, rows, documents and principals, and what is made of them: cases."""
