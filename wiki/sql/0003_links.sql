-- What a page's text links to, as it was typed, in lower case; see wiki/texts/columns.py.
-- IMMUTABLE, for a generated column: the same text always links to the same.
--   [[Kestrel]]  [[ride:Kestrel|it]]   kestrel, ride:kestrel
--   {{rides/kestrel.height}}           rides/kestrel
--   [@annual-report, p. 12]            sources/annual-report
--   [it](/rides/kestrel/)              rides/kestrel
CREATE FUNCTION wiki_links(body text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
    SELECT coalesce(array_agg(DISTINCT link ORDER BY link), '{}') FROM (
        SELECT lower(regexp_replace(regexp_replace(btrim(m[1]), '\s+', ' ', 'g'),
                                    '^([A-Za-z]+) ?([:/]) ?', '\1\2')) AS link
          FROM regexp_matches(body, '\[\[([^][|\n]{1,200})(?:\|[^][|\n]{1,200})?\]\]', 'g') AS m
         UNION ALL
        SELECT lower(btrim(m[1]))
          FROM regexp_matches(body, '\{\{([^{}|\n.]{1,200})\.[a-z_]{1,60}\}\}', 'g') AS m
         UNION ALL
        SELECT 'sources/' || m[1]
          FROM regexp_matches(body, '\[@([a-z0-9]+(?:-[a-z0-9]+)*)', 'g') AS m
         UNION ALL
        SELECT m[1] || '/' || m[2]
          FROM regexp_matches(body, '\]\(/([a-z]+)/([a-z0-9-]+)/', 'g') AS m
    ) AS links
);
