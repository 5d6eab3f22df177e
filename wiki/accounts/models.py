"""What is kept of accounts beside Django's own tables."""

from collections.abc import Collection
from typing import Any, ClassVar

from django.contrib.auth.models import User
from django.db import models
from django.db.models.signals import post_save, pre_delete
from django.utils import timezone

from wiki.accounts.spelling import skeleton


class AccountName(models.Model):
    """What an account was called since a moment, also once the account is gone.

    Kept beside the log, which holds keys alone: a name in every changeset could never be taken
    out again, for what is hashed is never rewritten. This one can. The `skeleton` is what names
    have in common that look alike: nobody else gets one of them.
    """

    account_id = models.BigIntegerField()
    since = models.DateTimeField()
    name = models.CharField(max_length=150, db_index=True)
    skeleton = models.CharField(max_length=300, db_index=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account_id", "since"], name="wiki_account_name_since")
        ]

    def __str__(self) -> str:
        return self.name


class UsedCode(models.Model):
    """A code of a second factor that cannot be used again; the table of Django's cache in it.

    The cache's own command would make the table, and `migrate` alone is to be enough.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField()

    class Meta:
        default_permissions = ()
        db_table = "wiki_used_code"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["expires"], name="wiki_used_code_expires")
        ]

    def __str__(self) -> str:
        return self.cache_key


def keep_names() -> None:
    """Keep what every account is called, wherever Django saves or deletes it."""
    post_save.connect(_saved, sender=User, dispatch_uid="wiki.account_names.saved")
    pre_delete.connect(_deleted, sender=User, dispatch_uid="wiki.account_names.deleted")


def become_pseudonym(account_id: int, pseudonym: str) -> None:
    """Let an account have been called otherwise, ever since; its names are gone."""
    AccountName.objects.filter(account_id=account_id).delete()
    _keep(account_id, pseudonym)


def _saved(instance: User, update_fields: Collection[str] | None = None, **_: Any) -> None:
    if update_fields is None or "username" in update_fields:
        _keep(instance.pk, instance.get_username())


def _deleted(instance: User, **_: Any) -> None:
    """Accounts that were made many at once were not saved one by one."""
    _keep(instance.pk, User.objects.values_list("username", flat=True).get(pk=instance.pk))


def _keep(account_id: int, name: str) -> None:
    newest = AccountName.objects.filter(account_id=account_id).order_by("since").last()
    if newest is None or newest.name != name:
        AccountName.objects.create(
            account_id=account_id, since=timezone.now(), name=name, skeleton=skeleton(name)[:300]
        )
