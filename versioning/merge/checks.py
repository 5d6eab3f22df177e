"""Checks of a merged site: what no document shows by itself.

Each side may be sound and the merge not: two entities with one slug, a reference to
what the other side deleted, a circle of parents. Each check walks the result, not
the changed rows, and says which sides made what it found.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from versioning.merge.conflict import ConflictType, Path, join_path
from versioning.merge.kinds import Kinds
from versioning.merge.places import value_at
from versioning.merge.rules import Fault, Key, KindsOf, Link, Rules
from versioning.merge.values import MISSING, Document, Unsettled, same

type Site = Mapping[str, Document | None]
type BaseSite = Mapping[str, Document | Unsettled | None]
"""A base may be virtual: its merge bases can disagree on an entity."""
type Side = Literal["ours", "theirs"]

MERGED_INTO: Final = "$merged_into"
"""Marks an entity that was united with another: references to it lead on to that one."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The three sites a merge came from, to tell who made what."""

    base: BaseSite
    ours: Site
    theirs: Site
    sound: Side | None = None
    """The side that the result comes to stand beside, if one is changed by the other."""

    def changed_by(self, kinds: Kinds, entity: str, path: Path) -> frozenset[Side]:
        """The sides that changed this value."""
        before = value_at(kinds, self.base.get(entity), path)
        changed = set[Side]()
        if not same(value_at(kinds, self.ours.get(entity), path), before):
            changed.add("ours")
        if not same(value_at(kinds, self.theirs.get(entity), path), before):
            changed.add("theirs")
        return frozenset(changed)

    def deleted_by(self, entity: str) -> frozenset[Side]:
        """The sides that do not have what the base had."""
        if self.base.get(entity) is None:
            return frozenset()
        named: tuple[tuple[Side, Site], ...] = (("ours", self.ours), ("theirs", self.theirs))
        return frozenset(side for side, site in named if site.get(entity) is None)

    def stood(self, kinds: KindsOf, site: Site, places: Iterable[tuple[str, Path]]) -> bool:
        """Whether the sound side has these values of a result by itself."""
        before = self.before
        return before is not None and all(
            same(
                value_at(kinds(entity), before.get(entity), path),
                value_at(kinds(entity), site.get(entity), path),
            )
            for entity, path in places
        )

    @property
    def before(self) -> Site | None:
        """The sound side's site."""
        match self.sound:
            case "ours":
                return self.ours
            case "theirs":
                return self.theirs
        return None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a site. `made_by` is empty where no side made it.

    `others` are the entities that the same thing is about. It `stood` where the sound side has all
    of it by itself, so that no merge can have made it.
    """

    type: ConflictType
    entity: str
    path: Path
    made_by: frozenset[Side]
    detail: str
    others: tuple[str, ...] = ()
    stood: bool = False

    @property
    def full_path(self) -> str:
        return join_path((self.entity, *self.path))


NOTHING: Final = Sides({}, {}, {})


def check_unique(
    kinds: KindsOf, site: Site, sides: Sides = NOTHING, rules: Rules | None = None
) -> Iterator[Finding]:
    """Values that must be one of a kind and are not."""
    rules = rules or Rules()
    holders: dict[tuple[Hashable, Hashable], list[tuple[str, Key]]] = {}
    for entity, document in _present(site):
        for key in rules.keys(kinds(entity), entity, document):
            holders.setdefault((key.scope, key.value), []).append((entity, key))
    for held in holders.values():
        if len(held) < 2:
            continue
        for entity, key in held:
            others = tuple(sorted({other for other, _ in held} - {entity}))
            detail = rules.doubled(entity, key, others)
            for path, made_by in _makers(kinds, sides, entity, key.paths):
                yield Finding("unique", entity, path, made_by, detail, others)


def check_references(
    kinds: KindsOf, site: Site, sides: Sides = NOTHING, rules: Rules | None = None
) -> Iterator[Finding]:
    """References that lead to nothing.

    Without `rules.exists`, an entity that none of the sides ever had is taken to
    lie outside of these maps.
    """
    rules = rules or Rules()
    for entity, document in _present(site):
        for link in rules.links(kinds(entity), entity, document):
            if site.get(link.target) is not None:
                continue
            deleted_by = sides.deleted_by(link.target)
            known = deleted_by or sides.base.get(link.target) is not None
            if rules.exists is not None and not known:
                known = not rules.exists(link.target)
            if known:
                made_by = sides.changed_by(kinds(entity), entity, link.path) | deleted_by
                detail = rules.lost(entity, link)
                stood = sides.stood(kinds, site, [(entity, link.path), (link.target, ())])
                yield Finding(
                    "dangling_reference", entity, link.path, made_by, detail, (link.target,), stood
                )


def check_held(
    kinds: KindsOf, site: Site, sides: Sides = NOTHING, rules: Rules | None = None
) -> Iterator[Finding]:
    """Entities that are gone, and that something outside of the site does not let go."""
    rules = rules or Rules()
    for entity, document in site.items():
        if document is None and (sentence := rules.held(entity)):
            stood = sides.stood(kinds, site, [(entity, ())])
            yield Finding("held", entity, (), sides.deleted_by(entity), sentence, (), stood)


def check_cycles(
    kinds: KindsOf, site: Site, sides: Sides = NOTHING, rules: Rules | None = None
) -> Iterator[Finding]:
    """References of one field that come round to where they started.

    Of a circle, the links that a side changed are named; all of them, if none was.
    """
    rules = rules or Rules()
    links: dict[Path, dict[str, Link]] = {}
    for entity, document in _present(site):
        for link in rules.links(kinds(entity), entity, document):
            if link.is_hierarchy:
                links.setdefault(link.path, {})[entity] = link
    for path, link_of in links.items():
        for circle in _circles({entity: link.target for entity, link in link_of.items()}):
            changed = {entity: sides.changed_by(kinds(entity), entity, path) for entity in circle}
            stood = sides.stood(kinds, site, [(entity, path) for entity in circle])
            for entity in circle:
                if changed[entity] or not any(changed.values()):
                    detail = rules.circular(entity, link_of[entity], circle)
                    others = tuple(each for each in circle if each != entity)
                    yield Finding("cycle", entity, path, changed[entity], detail, others, stood)


def check_validity(
    kinds: KindsOf, entity: str, document: Document, sides: Sides, rules: Rules
) -> Iterator[Finding]:
    """What the model's own validation says of one entity, at the values that a side changed."""
    faults = list(rules.faults(entity, document))
    before = (sides.before or {}).get(entity) if faults else None
    known = () if before is None else tuple(rules.faults(entity, before))
    for fault in faults:
        changed = sides.changed_by(kinds(entity), entity, ())
        for path, made_by in _fault_makers(kinds, sides, entity, fault):
            yield Finding(
                "invalid", entity, path, made_by or changed, fault.sentence, stood=fault in known
            )


def _fault_makers(
    kinds: KindsOf, sides: Sides, entity: str, fault: Fault
) -> list[tuple[Path, frozenset[Side]]]:
    return _makers(kinds, sides, entity, fault.paths) if fault.paths else [((), frozenset())]


def _makers(
    kinds: KindsOf, sides: Sides, entity: str, paths: tuple[Path, ...]
) -> list[tuple[Path, frozenset[Side]]]:
    """Of several values, those that a side changed, and which; the last, if none was."""
    made = [(path, sides.changed_by(kinds(entity), entity, path)) for path in paths]
    return [each for each in made if each[1]] or made[-1:]


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
