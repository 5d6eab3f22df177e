"""Models whose every version is kept: identity, version, and the branch that the version is of."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar
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
    """A model whose every version is kept: identity, version, and the branch it is of.

    `former_names` gives a renamed field's old name with the new one, and `former_label` a
    renamed model's old label: `makemigrations` asks nobody then. References to the model itself
    are a hierarchy, in which nothing stands above itself, but for those that are `circular`.
    What is `only_on_main` holds for all branches, and is refused on any other. What is itself of a
    branch says so in `of_branch`: its field that names the branch, and by which column of it.
    """

    former_names: ClassVar[Mapping[str, str]] = {}
    former_label: ClassVar[str] = ""
    circular: ClassVar[tuple[str, ...]] = ()
    only_on_main: ClassVar[bool] = False
    of_branch: ClassVar[tuple[str, str] | None] = None

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = OwnField(default=0, editable=False)
    on_branch = OwnField(default=MAIN, editable=False)

    class Meta:
        abstract = True

    def contradictions(self) -> Iterable[tuple[str | Sequence[str], str]]:
        """What no version may say: the fields (or the one) that say it, and a sentence.

        Asked of what a merge would make, and only of the entity's own fields: others may change
        in the same merge.
        """
        return ()
