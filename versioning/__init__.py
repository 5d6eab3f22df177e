"""Versioned models, viewpoints, branches, diff and merge; knows no park and no HTML.

    from versioning import VersionedModel, branch_context, viewpoint

The names below are the public interface. They are loaded when first asked
for, so that `python -m versioning.merge` starts without Django.
"""

from importlib import import_module
from typing import Any

_PUBLIC = {
    "BatchOperation": "versioning.entities.batches",
    "HistoricalModel": "versioning.entities.model",
    "HistoricalRecords": "versioning.history",
    "References": "versioning.entities.references",
    "VersionControlManager": "versioning.control",
    "VersionedModel": "versioning.entities.model",
    "acting_as": "versioning.context",
    "branch_context": "versioning.context",
    "viewpoint": "versioning.viewpoints.entering",
}


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_PUBLIC])
