"""Models whose every version is kept: identity, version, and the branch that the version is of."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

import uuid_utils.compat
from django.db import models

from versioning.events import MAIN

# Generic in Django's stubs alone: a project need not have them.
if TYPE_CHECKING:
    _IntegerField = models.IntegerField[Any, Any]
else:
    _IntegerField = models.IntegerField


def new_id() -> UUID:
    """A new entity's identity; ids that are made together lie together (UUID version 7)."""
    return uuid_utils.compat.uuid7()


class OwnField(_IntegerField):
    """A number that the engine gives and no fixture tells; to migrations as any other."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "serialize": False})

    def deconstruct(self) -> Any:
        name, _, args, options = super().deconstruct()
        del options["serialize"]
        return name, "django.db.models.IntegerField", args, options


class HistoricalModel(models.Model):
    """A model whose every version is kept: identity, version, and the branch it is of."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = OwnField(default=0, editable=False)
    on_branch = OwnField(default=MAIN, editable=False)

    class Meta:
        abstract = True
