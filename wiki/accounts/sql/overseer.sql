-- overseer.sql: an account, if it may read every private branch: by its role ({roles}), or rank.
-- Index: auth_user(id), and whichever of auth_user_groups is shorter.
-- Plan: tests/test_plans.py
SELECT FROM public.auth_user AS account
 WHERE account.id = %s AND account.is_active
   AND (account.is_superuser OR EXISTS (
        SELECT FROM public.auth_user_groups AS has JOIN public.auth_group AS role ON role.id = has.group_id
         WHERE has.user_id = account.id AND role.name IN ({roles})))
