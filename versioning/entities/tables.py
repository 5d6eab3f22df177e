"""The version tables: derived from a versioned model, as Django models.

`RideVersion` has a row for every version of every ride on every branch: the
same columns, valid in `[valid_from, valid_to)` of the log's positions. They
are ordinary models, so that makemigrations follows each change of a field.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.constants import LOOKUP_SEP

from eventstore.models import Changeset, LogRow
from versioning.changesets import changesets_of
from versioning.entities.kinds import NOT_IN_DOCUMENTS, VERSION_SUFFIX
from versioning.entities.references import References

OPEN = 2**63 - 1
"""`valid_to` of a version that still holds."""

LATEST = OPEN - 1
"""A position that is inside every version that still holds."""


class VersionRow(LogRow):
    """One version of one entity on one branch: what it held, and who, when and why.

    The latter is read when it is first asked for, in a fixed number of queries for all the
    versions that came of one query. A field of the model's own that has one of the names goes
    before; `changeset` is reserved.
    """

    pk = models.CompositePrimaryKey("entity_id", "branch_number", "valid_from")
    entity_id = models.UUIDField()
    branch_number = models.IntegerField()
    valid_from = models.BigIntegerField()
    valid_to = models.BigIntegerField(default=OPEN)
    version = models.IntegerField()
    deleted = models.BooleanField(default=False)

    class Meta:
        abstract = True

    @property
    def changeset(self) -> Changeset | None:
        """What recorded it; None for what a merge that is only looked at would make."""
        if "_changeset" not in self.__dict__:
            _tell_changesets(_read_together(self))
        found: Changeset | None = self.__dict__["_changeset"]
        return found

    @property
    def recorded_at(self) -> datetime | None:
        return self.changeset.recorded_at if self.changeset else None

    @property
    def message(self) -> str:
        return self.changeset.message if self.changeset else ""

    @property
    def actor_id(self) -> int | None:
        """The key of the account that it is of; None where the system did it."""
        return self.changeset.actor_id if self.changeset else None

    @property
    def actor(self) -> Any:
        """The account; None where the system did it, or the account is there no more."""
        if "_actor" not in self.__dict__:
            _tell_actors(_read_together(self))
        return self.__dict__["_actor"]


class LinkVersionRow(LogRow):
    """One reference of one entity on one branch, while it held."""

    branch_number = models.IntegerField()
    valid_from = models.BigIntegerField()
    valid_to = models.BigIntegerField(default=OPEN)
    ordinal = models.IntegerField()

    class Meta:
        abstract = True


def _read_together(row: Any) -> Sequence[Any]:
    """The rows that came of one query with a row, as far as anybody still holds them."""
    peers = [peer for reference in row._state.peers if (peer := reference()) is not None]
    return peers or [row]


def _tell_changesets(rows: Sequence[Any]) -> None:
    # What a preview shows stands where the log ends, which others may have written to since.
    found = changesets_of(row.valid_from for row in rows if row.branch_number > 0)
    for row in rows:
        recorded = row.branch_number > 0
        row.__dict__["_changeset"] = found.get(row.valid_from) if recorded else None


def _tell_actors(rows: Sequence[Any]) -> None:
    ids = {row: row.changeset.actor_id for row in rows if row.changeset}
    wanted = set(ids.values()) - {None}
    accounts = get_user_model()._base_manager.in_bulk(wanted) if wanted else {}
    for row in rows:
        row.__dict__["_actor"] = accounts.get(ids.get(row))


def make_version_model(model: type[models.Model]) -> type[models.Model]:
    """The version table of a versioned model."""
    attributes: dict[str, Any] = {"__module__": model.__module__}
    for field in model._meta.local_concrete_fields:
        if field.name not in NOT_IN_DOCUMENTS:
            attributes[field.name] = version_field(field)
    for field in model._meta.local_many_to_many:
        if isinstance(field, References):
            attributes[field.name] = ArrayField(models.UUIDField(), default=list)
    attributes["Meta"] = type(
        "Meta",
        (VersionRow.Meta,),
        {
            "abstract": False,
            "app_label": model._meta.app_label,
            "apps": model._meta.apps,
            "db_table": f"{model._meta.db_table}{VERSION_SUFFIX}",
            "verbose_name": f"version of a {model._meta.verbose_name}",
            "indexes": _version_indexes(model),
            "default_permissions": (),
        },
    )
    return type(f"{model.__name__}Version", (VersionRow,), attributes)


def make_link_version_model(field: References) -> type[models.Model]:
    """The versions of a references field's link table."""
    link = field.remote_field.through
    assert link is not None
    owner, target = link._meta.get_field("owner"), link._meta.get_field("target")
    meta = type(
        "Meta",
        (LinkVersionRow.Meta,),
        {
            "abstract": False,
            "app_label": link._meta.app_label,
            "apps": link._meta.apps,
            "db_table": f"{link._meta.db_table}{VERSION_SUFFIX}",
            "default_permissions": (),
            "indexes": [
                models.Index(fields=["owner", "branch_number", "valid_from"]),
                models.Index(fields=["target", "branch_number", "valid_from"]),
            ],
        },
    )
    return type(
        f"{link.__name__}Version".replace("_", ""),
        (LinkVersionRow,),
        {
            "__module__": link.__module__,
            "Meta": meta,
            "owner": version_field(owner),
            "target": version_field(target),
        },
    )


def version_field(field: Any) -> Any:
    """The same column without what binds only the head: uniqueness, constraints."""
    if isinstance(field, models.ForeignKey):
        target: Any = field.remote_field.model
        return models.ForeignKey(
            field.model if target == "self" else target,
            to_field=field.remote_field.field_name,
            on_delete=models.DO_NOTHING,
            related_name="+",
            null=field.null,
            db_column=field.db_column,
            db_constraint=False,
            db_index=False,
        )
    copy = field.clone()
    copy._unique = copy.db_index = False  # noqa: SLF001  # Django has no other way
    return copy


def _version_indexes(model: type[models.Model]) -> list[models.Index]:
    """The head's indexes, each ending in branch and position, and one per branch.

    An index of expressions, as full text has, is the head's alone: kept for every version it made
    an import of long texts four times slower. What must be unique by expressions is looked for on
    branches too.
    """
    columns: list[Any] = list(model._meta.local_concrete_fields)
    indexed: list[tuple[str, ...]] = [
        (field.name,)
        for field in columns
        if (field.db_index or field.unique) and not field.primary_key
    ]
    others: list[models.Index] = []
    for index in model._meta.indexes:
        if index.fields and type(index) is models.Index and index.condition is None:
            indexed.append(tuple(index.fields))
        elif not index.expressions:
            others.append(_renamed(index))
    indexed.extend(tuple(names) for names in model._meta.unique_together)
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            if constraint.fields:
                indexed.append(tuple(constraint.fields))
            else:
                others.append(_index_beside(constraint))
    suffixed = [
        models.Index(
            fields=[
                *map(_field_of_versions, fields),
                "branch_number",
                "valid_from",
            ]
        )
        for fields in dict.fromkeys(indexed)
    ]
    return [models.Index(fields=["branch_number", "valid_from"]), *suffixed, *others]


def _index_beside(constraint: models.UniqueConstraint) -> models.Index:
    """An index by which a branch is asked what the head's unique index asks."""
    name = f"{constraint.name}_v"[-30:].lstrip("_0123456789")
    expressions: list[Any] = list(constraint.expressions)
    asked = [each.replace_expressions(_OF_VERSIONS) for each in expressions]
    return models.Index(*asked, "branch_number", "valid_from", name=name)


def _renamed(index: models.Index) -> models.Index:
    copy = index.clone()
    copy.name = f"{index.name}_v"[-30:]
    copy.fields = [_field_of_versions(name) for name in index.fields]
    copy.fields_orders = [(_field_of_versions(name), order) for name, order in index.fields_orders]
    copy.include = tuple(_field_of_versions(name) for name in index.include)
    if index.condition is not None:
        copy.condition = _condition_of_versions(index.condition)
    return copy


_OF_VERSIONS: dict[Any, Any] = {models.F(name): models.F("entity_id") for name in ("id", "pk")}


def _field_of_versions(name: str) -> str:
    """What a version table calls a field of the head's."""
    order, bare = ("-", name[1:]) if name.startswith("-") else ("", name)
    return f"{order}entity_id" if bare in ("id", "pk") else name


def _condition_of_versions(condition: Any) -> Any:
    """A condition about the rows of a head table, about those of its version table."""
    if isinstance(condition, models.Q):
        copy = condition.copy()
        copy.children = [_condition_of_versions(child) for child in condition.children]
        return copy
    if isinstance(condition, tuple):
        lookup, value = condition
        name, *rest = lookup.split(LOOKUP_SEP)
        return LOOKUP_SEP.join([_field_of_versions(name), *rest]), _condition_of_versions(value)
    replace = getattr(condition, "replace_expressions", None)
    return condition if replace is None else replace(_OF_VERSIONS)
