"""How well and how fast duplicates are found, on customers that are made up, so that the truth is known."""
