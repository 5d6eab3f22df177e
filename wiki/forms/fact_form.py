"""The form of one fact of a page, with the source that tells it, by its web address."""

from functools import cache
from itertools import count
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from eventstore import log
from versioning.entities.kinds import kind_of
from versioning.fields.items import ItemsField
from wiki.forms.page_form import PageForm, facts, form_of_fields
from wiki.kinds.sources import Source
from wiki.pages.addresses import address_of
from wiki.pages.citations import Citation
from wiki.pages.models import Page

NOT_ALONE = frozenset({"citations", "milestones"})
"""Lists of their own sections, which the form of the whole page holds."""


class FactForm(PageForm):
    """One field. A web address that is no source's yet becomes one, once it is told its title."""

    fact: str

    source_address = forms.URLField(
        required=False,
        max_length=500,
        assume_scheme="https",
        label="Source",
        help_text="The address of a page that says so.",
    )
    source_title = forms.CharField(
        required=False,
        max_length=200,
        label="Title of the source",
        help_text="Needed only if this wiki does not have the source yet.",
    )

    def _prepare(self, name: str, field: forms.Field) -> None:
        """Begin in the fact: its form opens in the place of what led there."""
        super()._prepare(name, field)
        if name == self.fact and not self[name].use_fieldset:
            field.widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.source = self._source(cleaned.get("source_address"), cleaned.get("source_title"))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Save the fact, with its source and the citation of it. Inside one changeset."""
        if self.source is not None:
            self.source = _kept(self.source)
            citation = Citation(field=self.fact, source=str(self.source.pk))
            if not any(citation.is_of_same(each) for each in self.instance.citations):
                self.instance.citations = [*self.instance.citations, citation]
        return super().save(commit)

    def _source(self, address: str | None, title: str | None) -> Source | None:
        """The source at an address, or a new one. Cost: a query, or two."""
        if not address:
            return None
        known = Source.objects.filter(address=address).first()
        if known is not None:
            return known
        if not title:
            self.add_error(
                "source_title", "No source of this wiki has this address yet. What is its title?"
            )
            return None
        source = Source(name=title, address=address, slug=_free_slug(title))
        try:
            source.full_clean()
        except ValidationError as refusal:
            self.add_error("source_address", [*refusal.messages])
            return None
        for broken in source.broken_rules(()):
            self.add_error("source_address", broken.sentence)
        return source


def _kept(source: Source) -> Source:
    """The source that has the address by now: who gives the same at once waits for the other."""
    if not source._state.adding:
        return source
    log.lock()
    known = Source.objects.filter(address=source.address).first()
    if known is not None:
        return known
    source.slug = _free_slug(source.name)
    source.save()
    return source


def _free_slug(title: str) -> str:
    """An address that follows from a title, and is nobody's yet. Cost: one query."""
    slug = address_of(title)[:100].rstrip("-") or "source"
    taken = set(Source.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    numbered = (f"{slug}-{number}" for number in count(2))
    return slug if slug not in taken else next(each for each in numbered if each not in taken)


def fact_names(model: type[Page]) -> frozenset[str]:
    """The facts of a kind that are edited by themselves."""
    return frozenset(facts(model)) - NOT_ALONE


def in_place(model: type[Page]) -> frozenset[str]:
    """Those whose form opens where the fact stands: lists need more room, and scripts."""
    fields = kind_of(model).fields
    lists = {n for n in fact_names(model) if isinstance(fields[n].model_field, ItemsField)}
    return fact_names(model) - lists


@cache
def fact_form(model: type[Page], name: str) -> Any:
    """The form class of one fact of a kind."""
    form = form_of_fields(model, FactForm, [name])
    form.fact = name
    return form
