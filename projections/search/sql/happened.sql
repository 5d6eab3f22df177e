-- happened.sql: versions that the search has not taken over yet, by what happened.
-- Index: (branch_number, valid_from) of a version table, or its primary key.
-- Plan: tests/test_plans.py
       happened AS h JOIN {versions} AS v ON v.entity_id = h.entity_id
          AND v.branch_number = h.branch AND v.valid_from = h.position
