"""The names of the accounts behind changesets, many at once."""

from collections.abc import Iterable

from django.contrib.auth.models import User


def names_of(account_ids: Iterable[int | None]) -> dict[int | None, str]:
    """Each account's name; the system has none. Cost: one query at most."""
    wanted = {account_id for account_id in account_ids if account_id is not None}
    if not wanted:
        return {}
    return dict(User.objects.filter(pk__in=wanted).values_list("pk", "username"))
