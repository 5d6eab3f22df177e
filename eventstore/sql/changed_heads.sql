-- changed_heads.sql: changesets that had another hash once, or that are gone.
-- Index: the primary key of eventstore_changeset.
-- Plan: tests/test_plans.py
SELECT noted.id, noted.hash FROM unnest(%s::bigint[], %s::text[]) AS noted (id, hash)
 WHERE NOT EXISTS (SELECT FROM public.eventstore_changeset AS c
                    WHERE c.id = noted.id AND encode(c.hash, 'hex') = noted.hash)
 ORDER BY noted.id
