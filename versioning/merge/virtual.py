"""Virtual merge bases: several candidates merged into one, with what they disagree on kept.

A criss-cross history has more than one best common ancestor. git merges them first,
and so do we; where they conflict the base is `Unsettled`, and conflicts nest.
"""

from collections.abc import Iterable

from versioning.merge.conflict import Conflict, split_path
from versioning.merge.document import merge_document
from versioning.merge.kinds import Kinds
from versioning.merge.places import put, values_of
from versioning.merge.text import merge_text
from versioning.merge.values import MISSING, Document, Unsettled, Value, same

type Base = Document | Unsettled | None


def virtual_base(kinds: Kinds, candidates: Iterable[Base], ancestor: Base = None) -> Base:
    """The candidates as one base, for `merge_document`.

    `ancestor` is the base of the candidates themselves (it may be virtual too); a
    field on which they differ without one is unsettled. The order of the
    candidates matters only to how an unsettled value lists them.
    """
    first, *others = candidates
    for other in others:
        first = _merged(kinds, ancestor, first, other)
    return first


def _merged(kinds: Kinds, ancestor: Base, first: Base, second: Base) -> Base:
    if same(first, second):
        return first
    if isinstance(first, Unsettled) or isinstance(second, Unsettled):
        return Unsettled(_candidates(_entity(first), _entity(second)))
    merge = merge_document(kinds, ancestor, first, second)
    if any(conflict.path == "" for conflict in merge.conflicts):
        return Unsettled((_entity(first), _entity(second)))
    base = merge.document
    prose = {path for path, _ in values_of(kinds, first or {}, frozenset({"text"}))}
    for conflict in merge.conflicts:
        path = split_path(conflict.path)
        base = put(kinds, base or {}, path, _unsettled(conflict, is_prose=path in prose))
    return base


def _entity(document: Base) -> Value:
    return MISSING if document is None else document


def _unsettled(conflict: Conflict, *, is_prose: bool) -> Unsettled:
    ours, theirs = conflict.ours, conflict.theirs
    inner = None
    if is_prose and isinstance(ours, str) and isinstance(theirs, str):
        before = conflict.base if isinstance(conflict.base, str) else ""
        inner = merge_text(before, ours, theirs)
    return Unsettled(_candidates(ours, theirs), inner)


def _candidates(*values: Value) -> tuple[Value, ...]:
    """The candidates of all these values, each once."""
    every = list[Value]()
    for value in values:
        for candidate in value.candidates if isinstance(value, Unsettled) else (value,):
            if not any(same(candidate, known) for known in every):
                every.append(candidate)
    return tuple(every)
