-- block.sql: why an account may write nothing now, and until when; no row where it may.
-- Of main's head, whatever the viewpoint.
-- Index: wiki_block(account_id).
-- Plan: tests/test_plans.py
SELECT b.reason, b.ends_at
  FROM head.wiki_block AS b
 WHERE b.account_id = %s
   AND (b.ends_at IS NULL OR b.ends_at > statement_timestamp());
