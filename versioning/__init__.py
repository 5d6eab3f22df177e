"""Versioned models, viewpoints, branches, diff and merge; knows no park and no HTML.

    from versioning import VersionedModel, branch_context, viewpoint

The names below are the public interface. They are loaded when first asked
for, so that `python -m versioning.merge` starts without Django.
"""

from importlib import import_module
from typing import Any

_PUBLIC = {
    "AlreadyExists": "versioning.entities.conflicts",
    "AnotherDatabase": "versioning.saving.queryset",
    "AnotherThread": "versioning.viewpoints.threads",
    "AnsweredMeanwhile": "versioning.branches.proposals",
    "BatchOperation": "versioning.saving.batches",
    "Conflict": "versioning.merge",
    "ContextsDoNotNest": "versioning.saving.context",
    "EditConflict": "versioning.entities.conflicts",
    "EntityConflict": "versioning.branches.conflicts",
    "ExpressionRefused": "versioning.entities.expressions",
    "HistoricalModel": "versioning.entities.historical",
    "HistoricalRecords": "versioning.history",
    "LeftViewpoint": "versioning.saving.queryset",
    "MergedEach": "versioning.branches.proposals",
    "NOTHING": "versioning.branches.answers",
    "ProposalIsClosed": "versioning.branches.proposals",
    "Refusal": "eventstore.errors",
    "References": "versioning.entities.references",
    "UnresolvedConflicts": "versioning.branches.conflicts",
    "VersionControlManager": "versioning.control",
    "VersionedModel": "versioning.saving.model",
    "acting_as": "versioning.saving.context",
    "answer": "versioning.branches.proposals",
    "answer_of": "versioning.branches.answers",
    "branch_context": "versioning.saving.context",
    "carry_out": "versioning.branches.proposals",
    "changeset_recorded": "versioning.saving.signals",
    "every_conflict": "versioning.branches.proposals",
    "merge_changesets": "versioning.branches.proposals",
    "propose": "versioning.branches.proposals",
    "reading_as": "versioning.viewpoints.readers",
    "reopen_conflict": "versioning.branches.proposals",
    "viewpoint": "versioning.viewpoints.entering",
    "withdraw": "versioning.branches.proposals",
}


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_PUBLIC])
