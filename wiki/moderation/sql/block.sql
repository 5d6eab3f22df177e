-- Why an account may write nothing now, and until when; no row where it may.
-- Of main's head, whatever the viewpoint. By the index wiki_block_account.
SELECT b.reason, b.ends_at
  FROM head.wiki_block AS b
 WHERE b.account_id = %s
   AND (b.ends_at IS NULL OR b.ends_at > statement_timestamp());
