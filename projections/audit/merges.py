"""Every merge and sync of the log, derived again from its parents and its recorded answers."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from eventstore.integrity import Finding
from eventstore.models import Changeset
from eventstore.types import Position
from versioning.branches.deriving import DERIVABLE, Verdict, derive
from versioning.schema.past import Schemas


@dataclass
class Merges:
    """How many merges were derived, how many could not be, and what was found."""

    derived: int = 0
    untold: int = 0
    findings: list[Finding] = field(default_factory=list)


def verify_merges(upto: Position) -> Merges:
    """Derive each merge up to a position. Cost: that of planning all of them."""
    merges, schemas = Merges(), Schemas()
    for changeset in _merges(upto):
        derived = derive(changeset, schemas)
        if derived.verdict is Verdict.UNTOLD:
            merges.untold += 1
            continue
        merges.derived += 1
        subject = f"changeset {changeset.pk}, a {changeset.kind}:"
        merges.findings += [Finding(subject, sentence) for sentence in derived.sentences]
    return merges


def _merges(upto: Position) -> Iterator[Changeset]:
    found = Changeset.every.filter(kind__in=DERIVABLE, last_position__lte=upto)
    return found.order_by("id").iterator(chunk_size=500)
