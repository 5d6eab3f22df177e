"""The notes of a page: which sources its facts and its text cite, each numbered once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q

from versioning.fields.items import Items
from wiki.kinds.sources import Source


@dataclass
class Note:
    """A source with its number; `places` say what cites it, where in it, and in which words."""

    number: int
    source: Source
    places: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Notes:
    """All notes of a page, in the order in which they are cited."""

    listed: Sequence[Note]
    of_fields: Mapping[str, Sequence[int]]
    of_sources: Mapping[str, int]
    """Numbers by the source's address, for the text."""
    entities: frozenset[UUID]

    def without(self, told: Collection[str]) -> list[str]:
        """Of the fields that a page tells, those that no source is cited for."""
        return [] if "" in self.of_fields else [n for n in told if n not in self.of_fields]


def notes_of(
    citations: Items,
    told: Sequence[str],
    cited: Iterable[tuple[str, str]],
    labels: Mapping[str, str],
) -> Notes:
    """Number the sources: facts in the order of the page, then what its text cites.

    `told` are the names of the facts in their order, `cited` the text's addresses of sources with
    a place in each, `labels` what the fields are called. One source that is cited twice is one
    note. Cost: a query where anything is cited.
    """
    cited = list(cited)
    if not citations and not cited:
        return Notes((), {}, {}, frozenset())
    wanted = {each.source for each in citations}
    sources = list(
        Source.objects.filter(
            Q(pk__in=wanted) | Q(slug__in={address for address, _ in cited})
        ).defer("body")
    )
    by_id = {str(source.pk): source for source in sources}
    by_slug = {source.slug: source for source in sources}
    notes: dict[UUID, Note] = {}
    of_fields: dict[str, list[int]] = {}

    def note(source: Source) -> Note:
        return notes.setdefault(source.pk, Note(len(notes) + 1, source))

    place_of = {name: place for place, name in enumerate(told)}
    for each in sorted(citations, key=lambda c: place_of.get(c.field, len(place_of))):
        source = by_id.get(each.source)
        if source is None:
            continue
        mine = note(source)
        of_fields.setdefault(each.field, []).append(mine.number)
        about = labels.get(each.field, "the page as a whole" if not each.field else each.field)
        quote = f"“{each.quote}”" if each.quote else ""
        mine.places.append(", ".join(part for part in (about, each.place, quote) if part))
    for address, place in cited:
        if address in by_slug:
            mine = note(by_slug[address])
            if place:
                mine.places.append(place)
    return Notes(
        tuple(notes.values()),
        of_fields,
        {slug: notes[source.pk].number for slug, source in by_slug.items() if source.pk in notes},
        frozenset(notes),
    )
