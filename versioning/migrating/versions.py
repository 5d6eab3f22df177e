"""Versions have the columns of their model: what a migration's state makes of both is compared."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import connection

from eventstore.errors import Refusal
from versioning.entities.kinds import NOT_IN_DOCUMENTS, Kind
from versioning.entities.tables import VersionRow


class VersionsDiffer(Refusal):
    """A migration changes a model and not its versions, or not in the same way."""

    code = "versions-differ"
    status = 409
    hint = "Change both in the same way: `makemigrations` writes it so."


class _Column(NamedTuple):
    name: str
    type: str
    is_nullable: bool

    def __str__(self) -> str:
        nullable = ", which may be null" if self.is_nullable else ""
        return f"the column {self.name} of the type {self.type}{nullable}"


def require_alike(kind: Kind) -> None:
    """Refuse versions that cannot hold what their model holds. Raises VersionsDiffer."""
    wanted, versions = dict(_columns_of_model(kind)), dict(_columns_of_versions(kind))
    for name in sorted(wanted.keys() | versions.keys()):
        if wanted.get(name) != versions.get(name):
            raise VersionsDiffer(
                f"{name} of {kind.label} is {wanted.get(name, 'no column')}, and of its versions "
                f"{versions.get(name, 'no column')}."
            )


def _columns_of_model(kind: Kind) -> Iterator[tuple[str, _Column]]:
    for field in kind.model._meta.local_concrete_fields:
        if field.name not in NOT_IN_DOCUMENTS:
            yield field.name, _column(field)
    for f in kind.reference_fields:
        yield f.name, _Column(f.column, "uuid[]", is_nullable=False)


def _columns_of_versions(kind: Kind) -> Iterator[tuple[str, _Column]]:
    own = {field.name for field in VersionRow._meta.local_fields}
    for field in kind.version_model._meta.local_concrete_fields:
        if field.name not in own:
            yield field.name, _column(field)


def _column(field: Any) -> _Column:
    return _Column(str(field.column), str(field.db_type(connection)), field.null)
