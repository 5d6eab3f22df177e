-- signed_changesets.sql: what of changesets is signed, in their order, behind a number and up to a
-- position: what each says of itself, and a digest of which versions of which streams it holds.
-- Index: the primary keys of eventstore_changeset and eventstore_event.
-- Plan: tests/test_plans.py
SELECT c.id, c.branch, c.actor_id, c.kind, c.message, c.details,
       encode(sha256(coalesce(e.names, '')), 'hex')
  FROM public.eventstore_changeset AS c
  LEFT JOIN LATERAL (
       SELECT string_agg(uuid_send(e.originator_id) || int8send(e.originator_version)
                         || convert_to(e.topic, 'UTF8') || '\x00', '' ORDER BY e.notification_id) AS names
         FROM public.eventstore_event AS e
        WHERE e.notification_id BETWEEN c.first_position AND c.last_position) AS e ON true
  -- What was erased has no signature any more; that it was, is signed.
 WHERE c.salt <> '' AND c.id > %s AND c.last_position <= %s
 ORDER BY c.id LIMIT %s
