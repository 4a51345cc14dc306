"""The functions, in SQL."""

from __future__ import annotations

LONGEST_VALUE, LONGEST_QUERY, LONGEST_TEXT, LONGEST_TOKEN = 1_000, 200, 2_000, 64
"""Characters that are looked at: of a value, of a query, of either once it is normal, and of one token."""
PREFIX = 3
"""From so many characters on, a word also stands for what begins with it."""
DIGITS = 4
"""So many digits at the end of a telephone number are enough to find it."""

MARKS = (
    r"\u0001-\u001f\u0021-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7"
    r"\u02b9-\u02df\u1680\u180e\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u2e00-\u2e7f\u3001-\u3004\u3008-\u3020\u3030"
    r"\u303d-\u303f\u30a0\u30fb\ud7ff\ue000-\uf8ff\ufe00-\ufe6f\ufff0-\uffff\U0001f000-\U0001faff\U000e0000-\U0010ffff"
)
"""What stands between words, the space left out."""
CJK = (
    r"\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3040-\u309f\u30a1-\u30fa\u30fc-\u318f"
    r"\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Characters of which two make a token: Han, kana, bopomofo, hangul."""
ACCENTS = r"\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"
TELEPHONE = r"^[+(]?[0-9][0-9 ()/.-]*$"

COLLATION = """
    SELECT quote_ident(collname) FROM pg_collation
    WHERE collnamespace = 'pg_catalog'::regnamespace AND collname IN ('pg_c_utf8', 'und-x-icu')
    ORDER BY collname LIMIT 1
"""
"""One that knows the cases of all alphabets, whatever the database's own; PostgreSQL 17 brings the first."""

_TEXT = """
    CREATE FUNCTION search_text(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
    DECLARE
        found text := translate(left(value, {longest}), E'\\t\\n\\u000b\\f\\r', '     ');
    BEGIN
        IF octet_length(found) = length(found) THEN
            RETURN lower(found);
        END IF;
        found := normalize(lower(normalize(found, NFKC) COLLATE {collation}), NFD);
        found := normalize(regexp_replace(found, '[{accents}]+', '', 'g'), NFKC);
        found := translate(lower(found COLLATE {collation}), 'øłđðħıŧς', 'olddhitσ');
        found := replace(replace(replace(replace(found, 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th');
        RETURN left(found, {most});
    END $$"""


def text_function(collation: str) -> str:
    """A text as it is compared: in one form, one case, without accents. It is made first."""
    return _TEXT.format(longest=LONGEST_VALUE, most=LONGEST_TEXT, accents=ACCENTS, collation=collation)


NUMBER = f"""
    CREATE FUNCTION search_number(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT CASE WHEN value ~ '{TELEPHONE}' THEN
            regexp_replace(regexp_replace(replace(value, '(0)', ''), '[^0-9]+', '', 'g'), '^0+', '')
        END
    $$"""
"""The digits of what looks like a telephone number, without what is dialled ahead of it."""

PAIRS = f"""
    CREATE FUNCTION search_pairs(value text, ends boolean) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT string_agg(substr(run, place, 2), ' ' ORDER BY number, place)
        FROM regexp_split_to_table(value, '[^{CJK}]+') WITH ORDINALITY AS part (run, number),
             generate_series(
                 1, CASE WHEN ends OR length(run) < 2 THEN length(run) ELSE length(run) - 1 END
             ) AS place
    $$"""
"""Each two neighbouring characters of each run of CJK, one where it is alone; with `ends` the last one alone, too."""

LEXEMES = f"""
    CREATE FUNCTION search_lexemes(label text, value text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
    DECLARE
        given text := search_text(value);
        words text := given;
        number text;
    BEGIN
        IF given IS NULL THEN
            RETURN '{{}}';
        END IF;
        IF octet_length(given) > length(given) AND given ~ '[{CJK}]' THEN
            words := regexp_replace(given, '[{CJK}]+', ' ', 'g');
            given := search_pairs(given, true) || ' ' || search_pairs(regexp_replace(given, '[ {MARKS}]+', '', 'g'), true);
        ELSE
            given := '';
        END IF;
        IF words ~ '[0-9]' THEN
            number := search_number(words);
            FOR place IN 1 .. least(coalesce(length(number), 0), 32) - {DIGITS - 1} LOOP
                given := given || ' ' || substr(number, place);
            END LOOP;
            number := regexp_replace(words, '([0-9])(?=[^0-9])|([^0-9])(?=[0-9])', '\\1\\2 ', 'g');
            given := given || ' ' || number || ' ' || regexp_replace(number, '(^|[^0-9])0+(?=[1-9])', '\\1', 'g');
        END IF;
        IF words ~ '[{MARKS}]' THEN
            given := given || ' ' || regexp_replace(words, '[{MARKS}]+', '', 'g');
        END IF;
        words := btrim(regexp_replace(words || ' ' || given, '[ {MARKS}]+', ' ', 'g'));
        IF words = '' THEN
            RETURN '{{}}';
        END IF;
        IF length(words) > {LONGEST_TOKEN} THEN
            words := regexp_replace(words, '([^ ]{{{LONGEST_TOKEN}}})[^ ]+', '\\1', 'g');
        END IF;
        RETURN string_to_array(label || replace(words, ' ', ' ' || label), ' ');
    END $$"""


TERMS = f"""
    CREATE FUNCTION search_terms(asked text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
    DECLARE
        found text[] := '{{}}';
        chunk text;
        words text;
        ways text[];
    BEGIN
        words := regexp_replace(search_text(left(asked, {LONGEST_QUERY})), '([0-9)]) +(?=[(+0-9])', '\\1-', 'g');
        FOREACH chunk IN ARRAY string_to_array(words, ' ') LOOP
            words := regexp_replace(chunk, '[{CJK}]+', ' ', 'g');
            ways := ARRAY[search_all(regexp_replace(words, '[ {MARKS}]+', ' ', 'g'), search_pairs(chunk, false))];
            IF words = chunk AND words ~ '[^ {MARKS}]@[^ {MARKS}]' THEN
                ways := ARRAY[search_all(regexp_replace(words, '[{MARKS}]+', '', 'g'), NULL)];
            ELSIF words = chunk AND words ~ '[{MARKS}]' THEN
                ways := ways || search_all(regexp_replace(words, '[{MARKS}]+', '', 'g'), NULL);
            END IF;
            IF length(search_number(chunk)) >= {DIGITS} THEN
                ways := ways || search_all(search_number(chunk), NULL);
            END IF;
            IF ways[1] IS NOT NULL THEN
                found := found || ('(' || array_to_string(ways, ' | ') || ')');
            END IF;
        END LOOP;
        RETURN found;
    END $$"""
"""One for each word of a query: a tsquery in which @ stands for the label. An address typed from its start is one token."""

ALL = f"""
    CREATE FUNCTION search_all(words text, pairs text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT nullif(concat_ws(' & ', words_, pairs_), '') FROM (
            SELECT string_agg(
                '''@' || left(word, {LONGEST_TOKEN})
                || CASE WHEN length(word) < {PREFIX} OR place < cardinality(whole) THEN '''' ELSE ''':*' END,
                ' & ' ORDER BY place
            ) AS words_
            FROM string_to_array(btrim(words), ' ') AS whole, unnest(whole) WITH ORDINALITY AS part (word, place)
        ) AS one, (
            SELECT string_agg('''@' || pair || CASE length(pair) WHEN 1 THEN ''':*' ELSE '''' END, ' & ') AS pairs_
            FROM string_to_table(pairs, ' ') AS pair
        ) AS other
    $$"""
"""All of some tokens, in one column; the last word is taken for a beginning, too."""

QUERY = """
    CREATE FUNCTION search_query(asked text, labels text[], whole boolean DEFAULT false) RETURNS tsquery
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT (string_agg(CASE WHEN whole THEN replace(ways, ':*', '') ELSE ways END, ' & '))::tsquery FROM (
            SELECT '(' || string_agg(replace(term, '@', label), ' | ') || ')' AS ways
            FROM unnest(search_terms(asked)) WITH ORDINALITY AS words (term, place), unnest(labels) AS label
            GROUP BY place
        ) AS each_word
    $$"""
"""Every word in one of the columns labelled; NULL where there is no word. `whole` takes no prefixes."""

QUERIES = """
    CREATE FUNCTION search_queries(asked text, labels text[]) RETURNS tsquery[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT array_agg(query ORDER BY place) FROM (
            SELECT place, string_agg(replace(term, '@', label), ' | ')::tsquery AS query
            FROM unnest(search_terms(asked)) WITH ORDINALITY AS words (term, place), unnest(labels) AS label
            GROUP BY place
        ) AS each_word
    $$"""
"""Each word in one of the columns labelled."""

ANY = """
    CREATE FUNCTION search_any(asked text, label text) RETURNS tsquery
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT replace(replace(string_agg(term, ' | '), '&', '|'), '@', label)::tsquery
        FROM unnest(search_terms(asked)) AS words (term)
    $$"""
"""Some word, or a part of one, in one column."""

PARTS = f"""
    CREATE FUNCTION search_parts(value text, asked text) RETURNS TABLE (place bigint, part text, matched boolean)
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 10 AS $$
        WITH sought (query) AS MATERIALIZED (SELECT search_any(asked, '')),
        pieces AS (
            SELECT number, piece[1] AS piece, lag(piece[1]) OVER sentence AS before, lead(piece[1]) OVER sentence AS after
            FROM regexp_matches(
                left(value, {LONGEST_VALUE}), '[{CJK}]|[^ {MARKS}{CJK}]+|[ {MARKS}]+', 'g'
            ) WITH ORDINALITY AS found (piece, number)
            WINDOW sentence AS (ORDER BY number)
        ),
        marked AS (
            SELECT number, piece, coalesce(query @@ array_to_tsvector(CASE
                WHEN piece ~ '^[{CJK}]$' THEN search_lexemes('', before || piece) || search_lexemes('', piece || after)
                ELSE search_lexemes('', piece)
            END), false) AS hit FROM pieces, sought
        ),
        grouped AS (
            SELECT number, piece, hit, number - row_number() OVER (PARTITION BY hit ORDER BY number) AS stretch FROM marked
        )
        SELECT min(number), string_agg(piece, '' ORDER BY number), hit OR NOT (SELECT bool_or(marked.hit) FROM marked)
        FROM grouped GROUP BY hit, stretch ORDER BY 1
    $$"""
"""A value in which a query was found, as parts that it was found in and others; found in all where in no single part."""


FUNCTIONS = (NUMBER, PAIRS, LEXEMES, ALL, TERMS, QUERY, QUERIES, ANY, PARTS)
SIGNATURES = (
    "search_parts(text, text)",
    "search_any(text, text)",
    "search_queries(text, text[])",
    "search_query(text, text[], boolean)",
    "search_terms(text)",
    "search_all(text, text)",
    "search_lexemes(text, text)",
    "search_pairs(text, boolean)",
    "search_number(text)",
    "search_text(text)",
)
