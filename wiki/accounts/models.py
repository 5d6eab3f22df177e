"""What is kept of accounts beside Django's own tables."""

from collections.abc import Collection
from typing import Any, ClassVar

from django.contrib.auth.models import User
from django.db import models
from django.db.models.signals import post_save, pre_delete

from wiki.accounts.spelling import skeleton


class FormerAccount(models.Model):
    """A deleted account's name, by the key that its changesets carry.

    Kept beside the log, which holds keys alone: a name in every changeset could never be taken
    out again, for what is hashed is never rewritten. This one can.
    """

    account_id = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=150)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class AccountSpelling(models.Model):
    """What an account's name looks like, also once the account is gone: nobody else gets it."""

    account_id = models.BigIntegerField(primary_key=True)
    skeleton = models.CharField(max_length=300, db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.skeleton


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
    """Keep how every account is spelt, and the name of each that is deleted, whatever does it."""
    pre_delete.connect(_keep_name, sender=User, dispatch_uid="wiki.former_accounts")
    post_save.connect(_keep_spelling, sender=User, dispatch_uid="wiki.account_spellings")


def _keep_name(instance: User, **_: Any) -> None:
    name = instance.get_username()
    FormerAccount.objects.update_or_create(account_id=instance.pk, defaults={"name": name})


def _keep_spelling(instance: User, update_fields: Collection[str] | None = None, **_: Any) -> None:
    if update_fields is None or "username" in update_fields:
        AccountSpelling.objects.update_or_create(
            account_id=instance.pk, defaults={"skeleton": skeleton(instance.get_username())[:300]}
        )
