"""What every page of the encyclopaedia has: an address, a name, a body."""

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse

from versioning.fields.items import ItemsField
from versioning.saving.model import VersionedModel
from wiki.pages.citations import Citation
from wiki.pages.groups import ValueGroup
from wiki.pages.items import OtherName
from wiki.pages.link_column import LinksColumn
from wiki.pages.name_column import CalledColumn
from wiki.pages.relations import Relation, Siblings
from wiki.pages.rules import Broken, Rule, speaking_of


def slug_is_unique(kind: str) -> models.UniqueConstraint:
    """One slug, one page of a kind. Deferred, so that two pages can swap theirs."""
    return models.UniqueConstraint(
        fields=["slug"],
        name=f"wiki_{kind}_slug",
        deferrable=models.Deferrable.DEFERRED,
        violation_error_message="Another page has this address already. Choose another one.",
    )


def page_indexes(kind: str) -> list[models.Index]:
    """What every list of a kind goes by, and what leads to a page."""
    return [
        models.Index(fields=["name", "id"], name=f"wiki_{kind}_name"),
        GinIndex(fields=["called"], name=f"wiki_{kind}_called"),
        GinIndex(fields=["links"], name=f"wiki_{kind}_links"),
    ]


class Page(VersionedModel):
    """An entity with a page of its own. `plural` is the first part of its address.

    `list_columns` are the facts that a list of the kind shows, `list_filters`
    the fields that it can be narrowed by, those of a page that it names among
    them (`park__country`; see `wiki/filters/narrowing.py`) and its `value_groups`,
    each a word for several values of a field; `list_orders` are its
    orders: a word for the address, and the field (with "-" from the largest).
    `related_lists` are what a page of the kind lists of others, `siblings` what it
    lists of its own kind, and `told_beside`
    the facts that tell a page of the kind apart in such a list; `table_columns` are
    those that others' pages compare it by besides. `belongs_to` are
    the fields that name what lists a page of the kind: one that tells any is led to
    (see `wiki/texts/orphans.py`). One that has coordinates `has_locator`, a small map
    beside its facts, unless another map stands above them. `rules` say what
    its facts may not tell together; `form_rules` look at other pages too, and
    are asked by forms alone.
    `search_names` are the fields, if the kind has them, of what it is or was
    called (a text, or a list of texts or of objects with a "name");
    `search_leaves_out` those that search does not look in.
    """

    plural: ClassVar[str] = ""
    list_columns: ClassVar[tuple[str, ...]] = ()
    list_filters: ClassVar[tuple[str, ...]] = ()
    list_orders: ClassVar[Mapping[str, str]] = {"name": "name"}
    value_groups: ClassVar[Mapping[str, ValueGroup]] = {}
    related_lists: ClassVar[tuple[Relation, ...]] = ()
    siblings: ClassVar[tuple[Siblings, ...]] = ()
    told_beside: ClassVar[tuple[str, ...]] = ()
    table_columns: ClassVar[tuple[str, ...]] = ()
    belongs_to: ClassVar[tuple[str, ...]] = ()
    has_locator: ClassVar[bool] = True
    rules: ClassVar[tuple[Rule, ...]] = ()
    form_rules: ClassVar[tuple[Rule, ...]] = ()
    search_names: ClassVar[tuple[str, ...]] = ("name", "names")
    search_leaves_out: ClassVar[tuple[str, ...]] = ()

    slug = models.SlugField(
        "address",
        max_length=120,
        db_index=False,  # being unique, it has an index
        help_text="The last part of the page's address: lower-case.",
    )
    name = models.CharField(max_length=200)
    names = ItemsField("other names", item=OtherName)
    body = models.TextField(
        "text", blank=True, max_length=200_000, help_text="What there is to tell, in Markdown."
    )

    called = CalledColumn()
    links = LinksColumn()
    citations = ItemsField(
        item=Citation, help_text="Where a fact comes from: its field, and the page of the source."
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def broken_rules(self, changed: Collection[str]) -> Iterator[Broken]:
        """What its facts contradict, at the viewpoint that is read.

        Asked are the rules that speak of a field that changed; of a new page, all of them.
        """
        rules = (*self.rules, *self.form_rules)
        for rule in rules if self._state.adding else speaking_of(rules, changed):
            yield from rule.broken_by(self)

    def contradictions(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Rules that are broken, and values that are no choice (any more)."""
        for name, choices in _choices_of(type(self)).items():
            values = getattr(self, name) or ()
            for value in [values] if isinstance(values, str) else values:
                if value not in choices:
                    yield (name,), f"{value!r} is not a choice for {name.replace('_', ' ')}."
        for rule in self.rules:
            if not rule.is_warning:
                for broken in rule.broken_by(self):
                    yield rule.fields, broken.sentence

    def get_absolute_url(self) -> str:
        return reverse("page", kwargs={"plural": self.plural, "slug": self.slug})


@cache
def _choices_of(model: type[Page]) -> Mapping[str, frozenset[str]]:
    """The values of fields that have choices, by name; of lists, those of their items."""
    found = {}
    for each in model._meta.concrete_fields:
        flat = getattr(getattr(each, "base_field", each), "flatchoices", ())
        if values := frozenset(value for value, _ in flat if isinstance(value, str)):
            found[each.name] = values
    return found
