"""Who wrote a page: its text as it is read, with whoever wrote each passage; who set each fact."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from eventstore.models import Changeset
from versioning.authorship import Authorship, Stretch
from versioning.blame import Blamed, blame_document
from versioning.merge import diff_lines
from wiki.accounts.names import authors_of
from wiki.names.finding import Traced, trace
from wiki.pages.changed import TEXT
from wiki.pages.values import Shown, facts_of, label_of, shelf_of, shown
from wiki.texts.markdown import Text, read
from wiki.texts.notes import notes_of
from wiki.texts.written import Written, written

BLAMED_VERSIONS = 200
"""Versions that blame looks at; what is older is told as that old."""


@dataclass(frozen=True)
class Writer:
    """Whoever wrote something, in which change, and who merged it; the system has no name."""

    changeset: Changeset
    by: str | None
    merged_by: Changeset | None
    merger: str | None


@dataclass(frozen=True)
class SetFact:
    """A field with what it says, and who set it."""

    label: str
    values: Sequence[Shown]
    writer: Writer


def blame(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """Who last set each field and wrote each passage, and who merged it."""
    traced = trace(plural, slug, address="blame")
    blamed = blame_document(traced.kind, traced.entity_id, traced.history.all()[:BLAMED_VERSIONS])
    writers = _writers(blamed.values())
    passages = _passages(traced, blamed, writers)
    context = {
        "traced": traced,
        "plural": plural,
        "passages": passages,
        "has_marks": any(len(passage.writers) > 1 for passage in passages),
        "facts": _facts(traced, blamed, writers),
    }
    return render(request, "pages/blame.html", context)


type _Told = Mapping[str, Sequence[Blamed]]
type _Writers = Mapping[tuple[int, int | None], Writer]


def _writers(told: Iterable[Sequence[Blamed]]) -> _Writers:
    """Everybody who wrote anything of a page, by the change and the merge. Cost: one query."""
    passages = [passage for each in told for passage in each]
    merges = [passage.merged_by for passage in passages if passage.merged_by]
    names = authors_of([*(passage.changeset for passage in passages), *merges])
    return {
        _key(passage): Writer(
            passage.changeset,
            names.get(passage.changeset.pk),
            passage.merged_by,
            names.get(passage.merged_by.pk) if passage.merged_by else None,
        )
        for passage in passages
    }


def _key(passage: Blamed) -> tuple[int, int | None]:
    return passage.changeset.pk, passage.merged_by.pk if passage.merged_by else None


def _passages(traced: Traced, blamed: _Told, writers: _Writers) -> list[Written]:
    passages = blamed.get(TEXT, ())
    by = Authorship(Stretch(passage.value, writers[_key(passage)]) for passage in passages)
    told = "".join(passage.value for passage in passages)
    body = told if traced.page is None else traced.page.body
    if told != body:
        # What a merge would bring that is only looked at has no change yet.
        by = by.rewritten(diff_lines(told, body), None)
    text = read(body)
    page = reverse("page", args=[traced.plural, traced.slug])
    return written(text, by, _numbers_of_notes(traced, blamed, text), notes_on=page)


def _numbers_of_notes(traced: Traced, blamed: _Told, text: Text) -> Mapping[str, int]:
    """The numbers that cited sources have on the page, by their addresses."""
    if not text.cited:
        return {}
    document = {name: passages[0].value for name, passages in blamed.items() if name != TEXT}
    told = [fact.name for group in facts_of(traced.kind, document, {}) for fact in group.facts]
    citations = traced.kind.fields["citations"].to_python(document.get("citations", []))
    return notes_of(citations, told, text.cited, {}).of_sources


def _facts(traced: Traced, blamed: _Told, writers: _Writers) -> list[SetFact]:
    """Every field but the text, in the order of its model."""
    facts = {name: passages[0] for name, passages in blamed.items() if name != TEXT}
    shelf = shelf_of((traced.kind, {name: fact.value}) for name, fact in facts.items())
    fields = traced.kind.fields
    return [
        SetFact(label_of(fields[name]), shown(fields[name], fact.value, shelf), writers[_key(fact)])
        for name, fact in facts.items()
    ]
