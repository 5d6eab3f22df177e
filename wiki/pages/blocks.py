"""Stat blocks: the figures that rides of one category have.

    class WaterFigures(StatBlock):
        of_category = Category.WATER
        title = "Water ride"
        splash = models.CharField(max_length=100, blank=True)

A block is a class, and `Ride` lists it among its bases: forms, pages, lists, diffs and merges
show its fields where a ride is of its category, or tells one of them all the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from django.db import models

from versioning.entities.kinds import Document, kind_of


class StatBlock(models.Model):
    """Fields that are asked of rides of a category; of all rides where it names none."""

    of_category: ClassVar[str] = ""
    title: ClassVar[str] = ""

    class Meta:
        abstract = True


@dataclass(frozen=True)
class Group:
    """Fields that stand together in forms and infoboxes; the model's own have no title."""

    title: str
    names: tuple[str, ...]
    of_category: str = ""

    def belongs_to(self, document: Document) -> bool:
        """Whether the fields are asked of a page: it is of their category, or tells one of them."""
        return (
            not self.of_category
            or document.get("category") == self.of_category
            or any(document.get(name) not in (None, "", []) for name in self.names)
        )


def groups_of(model: type[models.Model], leaving_out: frozenset[str]) -> Iterator[Group]:
    """A model's fields in groups: its own first, then each of its stat blocks."""
    blocks = [
        base
        for base in model.__bases__
        if issubclass(base, StatBlock) and base._meta.abstract and base is not StatBlock
    ]
    of_blocks = {block: _names_in(block) for block in blocks}
    elsewhere = {name for names in of_blocks.values() for name in names} | leaving_out
    yield Group("", tuple(name for name in kind_of(model).fields if name not in elsewhere))
    for block, names in of_blocks.items():
        yield Group(block.title, names, block.of_category)


def _names_in(block: type[StatBlock]) -> tuple[str, ...]:
    return tuple(f.name for f in (*block._meta.local_fields, *block._meta.local_many_to_many))
