"""What is kept of accounts beside Django's own tables."""

from typing import Any, ClassVar

from django.contrib.auth.models import User
from django.db import models
from django.db.models.signals import pre_delete


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
    """Keep the name of every account that is deleted, wherever Django deletes it."""
    pre_delete.connect(_keep_name, sender=User, dispatch_uid="wiki.former_accounts")


def _keep_name(instance: User, **_: Any) -> None:
    name = instance.get_username()
    FormerAccount.objects.update_or_create(account_id=instance.pk, defaults={"name": name})
