"""Derive a merge or a sync of the log once more, and compare it with what was recorded.

What both parents had stands in their streams, and the answers in the changeset itself; so whoever
doubts a merge can make it again. Models may be others by now, or gone: everything is read, and
called, as the log says of that time (see `versioning.schema.past`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache

from django.core.exceptions import MultipleObjectsReturned, ObjectDoesNotExist
from django.db import DataError, transaction

from eventstore.erasure import erased_entities
from eventstore.errors import Refusal
from eventstore.models import Changeset, ChangesetKind
from eventstore.types import Position
from versioning.branches.derivation import Derivation
from versioning.branches.documents import Entity, chain_at, state, title_of
from versioning.branches.past_documents import PastDocuments
from versioning.branches.recorded import RULES, Recorded, recorded_merge
from versioning.entities.kinds import Document
from versioning.schema.carrying import UncarriedValue
from versioning.schema.past import Schemas
from versioning.schema.upcasters import NoSuchUpcaster

_BEFORE_MERGES_TOLD = Recorded(rules=0, answers=())

DERIVABLE = (ChangesetKind.MERGE, ChangesetKind.SYNC)

_NONSENSE = (
    Refusal, ObjectDoesNotExist, MultipleObjectsReturned, DataError,
    ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError,
    ValueError,
)  # fmt: skip
"""What reading a log may raise that was tampered with: what it holds is not validated."""


class Verdict(Enum):
    """What came of deriving a merge again."""

    SAME = "same"
    DIFFERENT = "different"
    UNTOLD = "untold"
    """It comes out otherwise, but nobody can say that it is wrong: it was made by earlier rules, or
    before merges told their answers and how fields were merged; or nothing can read a value of it
    any more (an upcaster is gone, or a type of PostgreSQL's, along with the field)."""


@dataclass(frozen=True)
class Derived:
    """A merge, the verdict about it, and of each entity that is not as derived a sentence."""

    changeset: Changeset
    verdict: Verdict
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Difference:
    """A sentence about an entity, and whether the log says enough to stand by it."""

    sentence: str
    is_told: bool = True


def derive(changeset: Changeset, schemas: Schemas | None = None) -> Derived:
    """Make a merge or a sync again from its parents and the answers that it recorded.

    One that cannot be made is different, with the reason as its sentence; nothing is raised.
    Cost: that of planning it, and of reading what leads to each version that it was about: some
    thirty events.
    """
    recorded = _BEFORE_MERGES_TOLD
    try:
        recorded = recorded_merge(changeset) or recorded
        with transaction.atomic():
            differences = list(_differences(changeset, recorded, schemas or Schemas()))
    except (NoSuchUpcaster, UncarriedValue):
        # Of a field that there is today, a replay stops at the same value, and says so.
        return Derived(changeset, Verdict.UNTOLD)
    except _NONSENSE as error:
        said = str(error) if isinstance(error, Refusal) else repr(error)
        differences = [_Difference(f"it cannot be made again: {said}")]
    if not differences:
        return Derived(changeset, Verdict.SAME)
    sentences = tuple(each.sentence for each in differences if each.is_told)
    if not sentences or recorded.rules != RULES:
        return Derived(changeset, Verdict.UNTOLD)
    return Derived(changeset, Verdict.DIFFERENT, sentences)


def _differences(
    changeset: Changeset, recorded: Recorded, schemas: Schemas
) -> Iterator[_Difference]:
    first, last = Position(changeset.first_position), Position(changeset.last_position)
    schema = schemas.at(first)
    erased = cache(erased_entities)
    with schema.read_as(recorded.kinds, schemas):
        documents = PastDocuments(schema, recorded.at or Position(first - 1))
        derivation = Derivation(changeset, recorded, documents)
        changed = documents.changed_within(changeset.branch, first, last)
        due = {e for e, plan in derivation.plans.items() if plan.changes_ours}
        wanted = sorted(changed | due | derivation.misplaced.keys(), key=str)
        after = documents.versions_at(chain_at((changeset.branch, last)), wanted)
        before = documents.versions_at(chain_at((changeset.branch, Position(first - 1))), changed)
        for entity in wanted:
            found = state(after.get(entity))
            if entity in changed and derivation.is_overtaken(entity, before.get(entity)):
                title = title_of(entity, found)
                yield _Difference(
                    f"{title} had moved on since it was planned, and was overwritten."
                )
                continue
            sentence = _fault(derivation, entity, found)
            if sentence is not None:
                is_told = derivation.is_told(entity, found) and entity[1] not in erased()
                yield _Difference(sentence, is_told)


def _fault(derivation: Derivation, entity: Entity, found: Document | None) -> str | None:
    """What is wrong with an entity as it was after the merge; None where nothing is."""
    if not derivation.is_expected(entity):
        if entity in derivation.misplaced:
            return _misplaced(entity, found, derivation.misplaced[entity])
        return f"it changed {title_of(entity, found)}, which no side had changed."
    plan = derivation.plans[entity]
    title = title_of(entity, found or plan.merged)
    if plan.conflicts:
        places = ", ".join(each.path or "all of it" for each in plan.conflicts)
        return f"{title} was in conflict ({places}), and no answer to these sides is recorded."
    if found != plan.merged:
        return f"{title} is not what its parents and its answers lead to."
    if entity in derivation.misplaced:
        return _misplaced(entity, found, derivation.misplaced[entity])
    return None


def _misplaced(entity: Entity, found: Document | None, path: str) -> str:
    place = path or "all of it"
    return f"the answer about {title_of(entity, found)} ({place}) was given to other sides."
