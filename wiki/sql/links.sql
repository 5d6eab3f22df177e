-- links.sql: what a page's text links to, as it was typed, in lower case; see wiki/pages/link_column.py.
-- IMMUTABLE, for a generated column: the same text always links to the same.
--   [[Kestrel]]  [[ride:Kestrel|it]]   kestrel, ride:kestrel
--   {{rides/kestrel.height}}           rides/kestrel
--   [@annual-report, p. 12]            sources/annual-report
--   [it](/rides/kestrel/)              rides/kestrel
--
-- The text is cut at what opens a link, which is quick, and each piece is matched at its
-- beginning; patterns that look for a link all through a long text are slow.
-- Most pages of facts have no text, and nothing to look through.
CREATE OR REPLACE FUNCTION wiki_links(body text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    IF body = '' THEN
        RETURN '{}'::text[];
    END IF;
    RETURN (
        SELECT coalesce(array_agg(DISTINCT link ORDER BY link), '{}') FROM (
            SELECT lower(regexp_replace(regexp_replace(btrim(m[1]), '\s+', ' ', 'g'),
                                        '^([A-Za-z]+) ?([:/]) ?', '\1\2')) AS link
              FROM string_to_table(body, '[[') WITH ORDINALITY AS piece(text, place)
             CROSS JOIN LATERAL regexp_match(left(ltrim(piece.text, '['), 403),
                   '^([^][|\n]{1,200})(?:\|[^][|\n]{1,200})?\]\]') AS m
             WHERE piece.place > 1 AND m IS NOT NULL
             UNION ALL
            SELECT lower(btrim(m[1]))
              FROM string_to_table(body, '{{') WITH ORDINALITY AS piece(text, place)
             CROSS JOIN LATERAL regexp_match(left(ltrim(piece.text, '{'), 263),
                   '^([^{}|\n.]{1,200})\.[a-z_]{1,60}\}\}') AS m
             WHERE piece.place > 1 AND m IS NOT NULL
             UNION ALL
            SELECT 'sources/' || m[1]
              FROM string_to_table(body, '[@') WITH ORDINALITY AS piece(text, place)
             CROSS JOIN LATERAL regexp_match(piece.text, '^([a-z0-9]+(?:-[a-z0-9]+)*)') AS m
             WHERE piece.place > 1 AND m IS NOT NULL
             UNION ALL
            SELECT m[1] || '/' || m[2]
              FROM string_to_table(body, '](/') WITH ORDINALITY AS piece(text, place)
             CROSS JOIN LATERAL regexp_match(piece.text, '^([a-z]+)/([a-z0-9-]+)/') AS m
             WHERE piece.place > 1 AND m IS NOT NULL
        ) AS links
    );
END $$;
