"""Three-way merge of a whole site: every entity's document, then the result as it would be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Self

from versioning.merge.checks import (
    MERGED_INTO,
    Finding,
    KindsOf,
    Rules,
    Sides,
    Site,
    check_cycles,
    check_references,
    check_unique,
    redirected_to,
)
from versioning.merge.conflict import Conflict, join_path
from versioning.merge.document import merge_document
from versioning.merge.kinds import Kinds
from versioning.merge.places import put, value_at, values_of
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
    base: Site,
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
    site, conflicts, waiting = _merged_documents(kinds_of, sides)
    redirected = _lead_on(kinds_of, site, sides)
    # An entity that waits for an answer may yet be there: it is no reason to complain.
    possible: Site = {**{entity: {} for entity in waiting}, **site}
    found = [
        finding
        for check in (check_unique, check_references, check_cycles)
        for finding in check(kinds_of, possible, sides, rules)
        if finding.made_by
    ]
    for finding in found:
        entity = finding.entity
        site[entity] = put(kinds_of(entity), site[entity], finding.path, MISSING)
    conflicts += [_asked(kinds_of, finding, sides) for finding in found]
    conflicts += _invalid(site, rules, {each.path for each in conflicts})
    return SiteMerge(site, tuple(conflicts), tuple(redirected))


def _same_for_all(kinds: Kinds) -> KindsOf:
    return lambda _entity: kinds


def _merged_documents(
    kinds: KindsOf, sides: Sides
) -> tuple[dict[str, dict[str, Value]], list[Conflict], list[str]]:
    """The entities that are settled, the conflicts, and the entities that wait as a whole."""
    site, conflicts, waiting = dict[str, dict[str, Value]](), list[Conflict](), list[str]()
    new = sorted({*sides.ours, *sides.theirs} - {*sides.base})
    for entity in (*sides.base, *new):
        documents = (side.get(entity) for side in (sides.base, sides.ours, sides.theirs))
        merge = merge_document(kinds(entity), *documents)
        conflicts += [each.within(entity) for each in merge.conflicts]
        if merge.document is not None:
            site[entity] = merge.document
        elif not merge.is_clean:
            waiting.append(entity)
    return site, conflicts, waiting


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


def _asked(kinds: KindsOf, finding: Finding, sides: Sides) -> Conflict:
    base, ours, theirs = (
        value_at(kinds(finding.entity), side.get(finding.entity), finding.path)
        for side in (sides.base, sides.ours, sides.theirs)
    )
    return Conflict(finding.full_path, finding.type, base, ours, theirs, detail=finding.detail)


def _invalid(site: Mapping[str, Document], rules: Rules, asked: set[str]) -> list[Conflict]:
    """What the model's validation says of entities that have nothing open otherwise."""
    if rules.invalid is None:
        return []
    return [
        Conflict(join_path((entity,)), "invalid", detail=sentence)
        for entity, document in site.items()
        if not any(path.startswith(join_path((entity,)) + ".") for path in asked)
        for sentence in rules.invalid(entity, document)
    ]
