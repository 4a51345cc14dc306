"""What makes a row's searched columns into lexemes, and a caller's words into queries. Frozen, like the baseline.

A lexeme is the two letters of its column and a token. Both sides are read by the same `search_text`:

    characters  NFKC, lower case, without accents
    words       what stands between spaces: its parts between other marks, all of it without them,
                its letters and digits apart, and its numbers without zeros ahead
    telephone   where a value is nothing else: every run of four or more digits at its end, whatever it begins with
    CJK         each two neighbouring characters, spaces left out, too; one alone stands for all that begin with it

Every function is total: it takes any text that can be stored, and looks at no more than its first thousand characters.
"""
