-- What protects any of some pages, or the branch itself, now.
-- Of main's head, whatever the viewpoint. By the indexes wiki_protection_subject and
-- versioning_branch_number.
SELECT p.name, p.editing, p.renaming, p.deleting, p.reason
  FROM head.wiki_protection AS p
 WHERE (p.subject_id = ANY (%(subjects)s)
        OR p.subject_id = (SELECT b.id FROM head.versioning_branch AS b WHERE b.number = %(branch)s))
   AND (p.ends_at IS NULL OR p.ends_at > statement_timestamp());
