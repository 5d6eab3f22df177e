"""Three-way merge of a whole site: every entity's document, then the result as it would be."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Self

from versioning.merge.checks import (
    MERGED_INTO,
    BaseSite,
    Finding,
    Sides,
    Site,
    check_cycles,
    check_held,
    check_references,
    check_unique,
    check_validity,
    redirected_to,
)
from versioning.merge.conflict import Conflict, Merge, join_path, split_path
from versioning.merge.document import merge_document
from versioning.merge.kinds import Kinds
from versioning.merge.places import put, value_at, values_of
from versioning.merge.rules import KindsOf, Rules
from versioning.merge.values import MISSING, Document, Value


@dataclass(frozen=True, slots=True)
class Redirect:
    """A reference that was led on to what its target was united with."""

    path: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class SiteMerge:
    """The answer for a site.

    `site` holds every entity that is there, as far as it is settled; one in
    conflict as a whole is left out. `redirected` remembers which references were
    led on, so that a union of two entities can be undone.
    """

    site: dict[str, dict[str, Value]]
    conflicts: tuple[Conflict, ...] = ()
    redirected: tuple[Redirect, ...] = ()

    @property
    def is_clean(self) -> bool:
        return not self.conflicts

    def swapped(self) -> Self:
        """The same merge as it looks from the other side."""
        return replace(self, conflicts=tuple(each.swapped() for each in self.conflicts))


def merge_site(
    kinds: Kinds | Callable[[str], Kinds],
    base: BaseSite,
    ours: Site,
    theirs: Site,
    rules: Rules | None = None,
) -> SiteMerge:
    """The merge of three maps from entity to document.

    `kinds` is one mapping for all entities, or a function of the entity. What lies
    outside of the maps is taken as unchanged. Costs what the maps hold.
    """
    kinds_of = kinds if callable(kinds) else _same_for_all(kinds)
    rules = rules or Rules()
    sides = Sides(base, ours, theirs)
    merges = dict(_merged_documents(kinds_of, sides))
    site = {e: dict(merge.document) for e, merge in merges.items() if merge.document is not None}
    conflicts = [each.within(e) for e, merge in merges.items() for each in merge.conflicts]
    redirected = _lead_on(kinds_of, site, sides)
    waiting = [e for e, merge in merges.items() if merge.document is None and merge.conflicts]
    open_entities = {e for e, merge in merges.items() if merge.conflicts}
    findings = list(check_site(kinds_of, site, sides, rules, waiting, open_entities))
    for finding in findings:
        if finding.type not in ("invalid", "held"):
            entity = finding.entity
            site[entity] = put(kinds_of(entity), site[entity], finding.path, MISSING)
    conflicts += [question_of(kinds_of, finding, sides) for finding in findings]
    return SiteMerge(site, tuple(conflicts), tuple(redirected))


def check_site(
    kinds_of: KindsOf,
    site: Site,
    sides: Sides,
    rules: Rules,
    waiting: Iterable[str] = (),
    open_entities: Iterable[str] = (),
    answered: Iterable[str] = (),
) -> Iterator[Finding]:
    """What the sides of a merge made wrong with a merged site; each value is named once.

    What the sound side has by itself is as it was, and not among it.

    `waiting` are entities of which it is still asked whether they will be there: they are no
    reason to complain. Of `open_entities` something is asked already, so that their validity
    cannot be told yet. What is wrong with `answered` ones is wrong, whatever the sides have.
    """
    by_hand = set(answered)
    possible: Site = {**{entity: {} for entity in waiting}, **site}
    named = set[tuple[str, tuple[str, ...]]]()
    for check in (check_unique, check_references, check_cycles, check_held):
        for finding in check(kinds_of, possible, sides, rules):
            is_new = not finding.stood and (finding.made_by or finding.entity in by_hand)
            if is_new and (finding.entity, finding.path) not in named:
                named.add((finding.entity, finding.path))
                yield finding
    unsettled = {*open_entities, *(entity for entity, _ in named)}
    for entity, document in site.items():
        if document is not None and entity not in unsettled:
            for finding in check_validity(kinds_of, entity, document, sides, rules):
                is_new = not finding.stood and (finding.made_by or entity in by_hand)
                if is_new and (entity, finding.path) not in named:
                    named.add((entity, finding.path))
                    yield finding


def question_of(kinds: KindsOf, finding: Finding, sides: Sides) -> Conflict:
    """What was found as a question: what each side has where it stands."""
    base, ours, theirs = (
        value_at(kinds(finding.entity), side.get(finding.entity), finding.path)
        for side in (sides.base, sides.ours, sides.theirs)
    )
    return Conflict(finding.full_path, finding.type, base, ours, theirs, detail=finding.detail)


def settled_part(kinds: Kinds, document: Document, conflicts: Iterable[Conflict]) -> Document:
    """A document without the values that are in conflict."""
    for conflict in conflicts:
        if conflict.path:
            document = put(kinds, document, split_path(conflict.path), MISSING)
    return document


def _same_for_all(kinds: Kinds) -> KindsOf:
    return lambda _entity: kinds


def _merged_documents(kinds: KindsOf, sides: Sides) -> Iterator[tuple[str, Merge]]:
    """Every entity that one of the sides has, merged."""
    new = sorted({*sides.ours, *sides.theirs} - {*sides.base})
    for entity in (*sides.base, *new):
        base, ours, theirs = (
            sides.base.get(entity),
            sides.ours.get(entity),
            sides.theirs.get(entity),
        )
        yield entity, merge_document(kinds(entity), base, ours, theirs)


def _lead_on(kinds: KindsOf, site: dict[str, dict[str, Value]], sides: Sides) -> list[Redirect]:
    """Leads references on where their writer could not know of a union.

    That is: one side united two entities, the other wrote a reference to the one
    that is gone. References that a side left so, knowing of the union, stay.
    """
    redirected = list[Redirect]()
    for entity, document in list(site.items()):
        for path, target in list(values_of(kinds(entity), document, frozenset({"reference"}))):
            if not isinstance(target, str) or MERGED_INTO not in site.get(target, {}):
                continue
            writers = sides.changed_by(kinds(entity), entity, path)
            if any(_is_plain(getattr(sides, side).get(target)) for side in writers):
                new = redirected_to(site, target)
                site[entity] = put(kinds(entity), site[entity], path, new)
                redirected.append(Redirect(join_path((entity, *path)), target, new))
    return redirected


def _is_plain(document: Document | None) -> bool:
    return document is not None and MERGED_INTO not in document
