"""The roles, as groups that every database has."""

from typing import Any

from django.contrib.auth.models import Group

READERS, EDITORS, MODERATORS, ADMINISTRATORS = (
    "readers",
    "editors",
    "moderators",
    "administrators",
)


SUPERUSER = "superuser"
"""Not a group: whoever may do everything, whatever the groups say."""


def ensure_roles(sender: Any, **_: Any) -> None:
    """Make the groups that are missing, after every migrate."""
    if sender.label == "wiki":
        for name in (READERS, EDITORS, MODERATORS, ADMINISTRATORS):
            Group.objects.get_or_create(name=name)
