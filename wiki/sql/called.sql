-- called.sql: what a name is looked up by: the address that follows from it; see wiki/pages/name_column.py.
-- The same as wiki.pages.addresses.address_of; where nothing of a name fits an address
-- (长江漂流), the name itself, in lower case.
CREATE OR REPLACE FUNCTION wiki_letters(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN replace(replace(replace(replace(replace(replace(replace(replace(
    translate(name, 'øØłŁđĐðÐıħĦŧŦ''’‘ʼ`´', 'oollddddihhtt'),
    'ß', 'ss'), 'ẞ', 'ss'), 'æ', 'ae'), 'Æ', 'ae'), 'œ', 'oe'), 'Œ', 'oe'), 'þ', 'th'), 'Þ', 'th');

CREATE OR REPLACE FUNCTION wiki_called(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(
    nullif(
        rtrim(left(btrim(regexp_replace(lower(regexp_replace(
            normalize(wiki_letters(name), NFKD), '[^\u0001-\u007f]', '', 'g') COLLATE "C"),
            '[^a-z0-9]+', '-', 'g'), '-'), 120), '-'),
        ''),
    lower(btrim(name))
);

-- All that leads to a page: its address, its name, its other names.
-- Most pages have no other names, and nothing to look through.
CREATE OR REPLACE FUNCTION wiki_called(slug text, name text, names jsonb) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    plain constant text := public.wiki_called(name);
BEGIN
    IF names = '[]' AND slug <> '' AND plain <> '' THEN
        RETURN CASE WHEN slug = plain THEN ARRAY[slug]
                    ELSE ARRAY[least(slug, plain), greatest(slug, plain)] END;
    END IF;
    RETURN (
        SELECT coalesce(array_agg(DISTINCT called ORDER BY called), '{}') FROM (
            VALUES (slug), (plain)
             UNION ALL
            SELECT public.wiki_called(other ->> 'name') FROM jsonb_array_elements(names) AS other
        ) AS words(called)
        WHERE called <> ''
    );
END $$;
