-- keep.sql: part of apply.sql and replay.sql: entries for the islands. Equal content makes equal entries,
-- wherever it stands: what a branch or a merge repeats is read once. To take a long text's words
-- apart is most of the work.
-- Index: (branch_number, valid_from) of a version table, or its primary key.
-- Plan: tests/test_plans.py
shown AS (
    SELECT DISTINCT ON (content) * FROM {island} ORDER BY content
), told AS MATERIALIZED (
{entries}
)
INSERT INTO {table} ({columns})
SELECT {of_island}, {of_content} FROM {island} AS island JOIN told USING (content)
