-- What is derived of every row of a page, in less time where there is nothing to look through:
-- most pages of facts have no text, and no other names.

-- The links of a text, as wiki/sql/0010_links.sql finds them.
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

-- All that leads to a page, as wiki/sql/0005_called.sql says.
CREATE OR REPLACE FUNCTION wiki_called(slug text, name text, names jsonb) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    plain constant text := wiki_called(name);
BEGIN
    IF names = '[]' AND slug <> '' AND plain <> '' THEN
        RETURN CASE WHEN slug = plain THEN ARRAY[slug]
                    ELSE ARRAY[least(slug, plain), greatest(slug, plain)] END;
    END IF;
    RETURN (
        SELECT coalesce(array_agg(DISTINCT called ORDER BY called), '{}') FROM (
            VALUES (slug), (plain)
             UNION ALL
            SELECT wiki_called(other ->> 'name') FROM jsonb_array_elements(names) AS other
        ) AS words(called)
        WHERE called <> ''
    );
END $$;
