"""Checks of a merged site: what no document shows by itself.

Each side may be sound and the merge not: two entities with one slug, a reference to
what the other side deleted, a circle of parents. Each check walks the result, not
the changed rows, and says which sides made what it found.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from versioning.merge.conflict import ConflictType, Path, join_path
from versioning.merge.kinds import Kinds
from versioning.merge.places import value_at, values_of
from versioning.merge.values import MISSING, Document, Value, identity_of, same

type Site = Mapping[str, Document | None]
type Side = Literal["ours", "theirs"]
type KindsOf = Callable[[str], Kinds]

MERGED_INTO: Final = "$merged_into"
"""Marks an entity that was united with another: references to it lead on to that one."""

_UNIQUE: Final = frozenset({"slug", "unique"})
_REFERENCE: Final = frozenset({"reference"})


def unique_everywhere(_entity: str, field: str) -> Hashable:
    """The scope in which a value is unique by default: the field, over all entities."""
    return field


@dataclass(frozen=True, slots=True)
class Rules:
    """What a site demands beyond the kinds of its fields.

    `unique_scope` says within what a unique value must be one of a kind, `exists`
    knows entities that lie outside of the maps given, `acyclic` names the
    reference fields that form hierarchies (all of them by default), and `invalid`
    is the model's own validation: sentences on what is wrong with a document.
    """

    unique_scope: Callable[[str, str], Hashable] = unique_everywhere
    exists: Callable[[str], bool] | None = None
    acyclic: frozenset[str] | None = None
    invalid: Callable[[str, Document], Iterable[str]] | None = None


@dataclass(frozen=True, slots=True)
class Sides:
    """The three sites a merge came from, to tell who made what."""

    base: Site
    ours: Site
    theirs: Site

    def changed_by(self, kinds: Kinds, entity: str, path: Path) -> frozenset[Side]:
        """The sides that changed this value."""
        before = value_at(kinds, self.base.get(entity), path)
        changed = set[Side]()
        if not same(value_at(kinds, self.ours.get(entity), path), before):
            changed.add("ours")
        if not same(value_at(kinds, self.theirs.get(entity), path), before):
            changed.add("theirs")
        return frozenset(changed)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a site. `made_by` is empty where it was so before."""

    type: ConflictType
    entity: str
    path: Path
    value: Value
    made_by: frozenset[Side]
    detail: str

    @property
    def full_path(self) -> str:
        return join_path((self.entity, *self.path))


NOTHING: Final = Sides({}, {}, {})


def check_unique(
    kinds: KindsOf, site: Site, sides: Sides = NOTHING, rules: Rules | None = None
) -> Iterator[Finding]:
    """Values that must be one of a kind and are not. Nulls are not equal to each other."""
    scope = (rules or Rules()).unique_scope
    holders: dict[tuple[Hashable, str], list[tuple[str, Path, Value]]] = {}
    for entity, document in _present(site):
        for path, value in values_of(kinds(entity), document, _UNIQUE):
            if value is not None:
                key = (scope(entity, path[-1]), identity_of(value))
                holders.setdefault(key, []).append((entity, path, value))
    for held in holders.values():
        if len(held) < 2:
            continue
        for entity, path, value in held:
            others = ", ".join(sorted(other for other, *_ in held if other != entity))
            detail = f"{value} is also used by {others}." if others else f"{value} is used twice."
            made_by = sides.changed_by(kinds(entity), entity, path)
            yield Finding("unique", entity, path, value, made_by, detail)


def check_references(
    kinds: KindsOf, site: Site, sides: Sides = NOTHING, rules: Rules | None = None
) -> Iterator[Finding]:
    """References that lead to nothing.

    Without `rules.exists`, an entity that none of the sides ever had is taken to
    lie outside of these maps.
    """
    exists = (rules or Rules()).exists
    for entity, document in _present(site):
        for path, target in values_of(kinds(entity), document, _REFERENCE):
            if not isinstance(target, str) or site.get(target) is not None:
                continue
            deleted_by = _deleted_by(sides, target)
            known = deleted_by or sides.base.get(target) is not None
            if exists is not None and not known:
                known = not exists(target)
            if known:
                made_by = sides.changed_by(kinds(entity), entity, path) | deleted_by
                detail = f"{target} does not exist any more."
                yield Finding("dangling_reference", entity, path, target, made_by, detail)


def _deleted_by(sides: Sides, entity: str) -> frozenset[Side]:
    if sides.base.get(entity) is None:
        return frozenset()
    named: tuple[tuple[Side, Site], ...] = (("ours", sides.ours), ("theirs", sides.theirs))
    return frozenset(side for side, site in named if site.get(entity) is None)


def check_cycles(
    kinds: KindsOf, site: Site, sides: Sides = NOTHING, rules: Rules | None = None
) -> Iterator[Finding]:
    """References of one field that come round to where they started.

    Of a circle, the links that a side changed are named; all of them, if none was.
    """
    acyclic = (rules or Rules()).acyclic
    links: dict[str, dict[str, str]] = {}
    for entity, document in _present(site):
        for path, target in values_of(kinds(entity), document, _REFERENCE):
            is_hierarchy = len(path) == 1 and (acyclic is None or path[0] in acyclic)
            if is_hierarchy and isinstance(target, str):
                links.setdefault(path[0], {})[entity] = target
    for field, next_of in links.items():
        for circle in _circles(next_of):
            detail = " → ".join((*circle, circle[0]))
            changed = {
                entity: sides.changed_by(kinds(entity), entity, (field,)) for entity in circle
            }
            for entity in circle:
                if changed[entity] or not any(changed.values()):
                    yield Finding(
                        "cycle", entity, (field,), next_of[entity], changed[entity], detail
                    )


def _circles(next_of: Mapping[str, str]) -> Iterator[list[str]]:
    """The circles of a graph in which one link leaves each node."""
    seen = set[str]()
    for start in next_of:
        walk = dict[str, None]()
        at: str | None = start
        while at is not None and at not in seen and at not in walk:
            walk[at] = None
            at = next_of.get(at)
        if at is not None and at in walk:
            nodes = list(walk)
            circle = nodes[nodes.index(at) :]
            first = circle.index(min(circle))
            yield circle[first:] + circle[:first]
        seen.update(walk)


def _present(site: Site) -> Iterator[tuple[str, Document]]:
    for entity, document in site.items():
        if document is not None:
            yield entity, document


def redirected_to(site: Site, entity: str) -> str:
    """Where references to this entity lead, after all unions; itself if it was not united."""
    seen = set[str]()
    while entity not in seen:
        seen.add(entity)
        target = (site.get(entity) or {}).get(MERGED_INTO, MISSING)
        if not isinstance(target, str):
            break
        entity = target
    return entity
