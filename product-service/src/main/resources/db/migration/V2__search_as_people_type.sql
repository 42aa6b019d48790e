SET LOCAL statement_timeout = '30min';

-- All of this is computed from the Unicode tables and the stemmer that every PostgreSQL brings along: no extension, no
-- dictionary file and no locale of the operating system decides what is found.

-- Text as it is compared: without accents, marks and invisible characters, in one form, in one case, and with letters
-- that Unicode does not take apart written as they are typed on a keyboard that lacks them.
CREATE FUNCTION folded(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN replace(replace(replace(
        translate(casefold(normalize(regexp_replace(normalize(value, NFKD),
            '[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670'
            '\u00ad\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff]', '', 'g'), NFC) COLLATE pg_unicode_fast),
            'øđħıłŧðŋʼ', 'odhiltdn'''),
        'æ', 'ae'), 'œ', 'oe'), 'þ', 'th');

-- What stands between spaces, as it is compared. Chinese and Japanese are written without spaces but searched by their
-- parts: there a dash stands between the letters.
CREATE FUNCTION search_chunks(value text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN regexp_split_to_array(
        regexp_replace(folded(value), '([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff])', '-\1-', 'g'),
        '\s+' COLLATE pg_unicode_fast);

-- The words of a chunk: "t-shirt" has two. Cut, because the index takes no endless ones.
CREATE FUNCTION search_parts(chunk text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (SELECT coalesce(array_agg(left(part, 100) ORDER BY place), '{}')
        FROM regexp_split_to_table(chunk, '[^[:alnum:]]+' COLLATE pg_unicode_fast) WITH ORDINALITY AS p (part, place)
        WHERE part <> '');

-- The words of a chunk as one, if it has several and that makes sense: "tshirt", but not 35 for 3.5.
CREATE FUNCTION search_joined(chunk text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN chunk ~ '[[:alnum:]][^[:alnum:]]+[[:alnum:]]' COLLATE pg_unicode_fast
            AND chunk ~ '[[:alpha:]]' COLLATE pg_unicode_fast
        THEN left(regexp_replace(chunk, '[^[:alnum:]]+' COLLATE pg_unicode_fast, '', 'g'), 100) END;

-- Words, their English stems at the same place, and the words of chunks as one. No word is at place 1, so that no
-- phrase runs on from one text into the next. OFFSET 0 keeps the chunks from being made twice.
CREATE FUNCTION search_text(value text, weight text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (SELECT concat_ws(' ',
            (SELECT string_agg(concat_ws(' ', word || at, stem || at), ' ')
                FROM (SELECT word, (ts_lexize('pg_catalog.english_stem', word))[1] AS stem,
                        ':' || place + 1 || weight AS at
                    FROM unnest(search_parts(array_to_string(chunks, ' '))) WITH ORDINALITY AS w (word, place)
                ) AS words),
            (SELECT string_agg(search_joined(chunk) || ':1' || weight, ' ') FROM unnest(chunks) AS c (chunk)))::tsvector
        FROM (SELECT search_chunks(value) AS chunks OFFSET 0) AS texts);

-- Every word must be there, the last one as a beginning, so that a search finds while it is being typed; what is
-- written as one chunk must be there as one word or as words in a row. Stop words need not be there beside others.
-- Nothing that a person types is an operator. Without a word, nothing is found.
CREATE OR REPLACE FUNCTION search_query(words text) RETURNS tsquery
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT coalesce(string_agg(wanted, ' & ') FILTER (WHERE NOT stop), string_agg(wanted, ' & '))::tsquery
        FROM (
            SELECT cardinality(parts) = 1 AND ts_lexize('pg_catalog.english_stem', parts[1]) = '{}' AS stop,
                '(' || (SELECT string_agg(
                        '(' || part || CASE WHEN last AND place = cardinality(parts) THEN ':*' ELSE '' END
                        || coalesce(' | ' || (ts_lexize('pg_catalog.english_stem', part))[1], '') || ')',
                        ' <-> ' ORDER BY place)
                    FROM unnest(parts) WITH ORDINALITY AS p (part, place))
                || coalesce(' | ' || search_joined(chunk) || CASE WHEN last THEN ':*' ELSE '' END, '') || ')' AS wanted
            FROM (SELECT chunk, search_parts(chunk) AS parts, row_number() OVER (ORDER BY place DESC) = 1 AS last
                FROM unnest(search_chunks(words)) WITH ORDINALITY AS c (chunk, place)
                WHERE chunk ~ '[[:alnum:]]' COLLATE pg_unicode_fast) AS chunks
        ) AS wishes);

-- Products are changed seldom and searched often: nobody who searches reads a list of changes that are not sorted in.
ALTER INDEX product_search SET (fastupdate = off);
ALTER TABLE product ALTER COLUMN search_words SET EXPRESSION AS (
    search_text(name, 'A') || search_text(sku, 'A') || search_text(category, 'A') || search_text(description, 'C'));

-- Names stand as in a dictionary: É beside E. The collation is one that PostgreSQL brings along.
ALTER TABLE product ALTER COLUMN sort_name SET EXPRESSION AS (normalize(name));
ALTER TABLE product ALTER COLUMN sort_name TYPE text COLLATE "und-x-icu";
