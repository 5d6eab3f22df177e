-- protections.sql: what protects any of some pages, or the branch itself, now.
-- Of main's head, whatever the viewpoint.
-- Index: wiki_protection(subject_id), versioning_branch(number).
-- Plan: tests/test_plans.py
SELECT p.subject_id, p.name, p.editing, p.renaming, p.deleting, p.reason
  FROM head.wiki_protection AS p
 WHERE (p.subject_id = ANY (%(subjects)s)
        OR p.subject_id = (SELECT b.id FROM head.versioning_branch AS b WHERE b.number = %(branch)s))
   AND (p.ends_at IS NULL OR p.ends_at > statement_timestamp());
