"""What a deletion takes along: Django's `on_delete` rules, on the branch that one writes to.

Rows without versions are let go where the deletion is recorded (see `unversioned`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.deletion import Collector, ProtectedError

from versioning.entities.changes import Change, Operation
from versioning.entities.kinds import Document, Kind, is_versioned, kind_of
from versioning.events import MAIN
from versioning.saving import context
from versioning.saving.edits import current_version, deletion_of, merged_change
from versioning.saving.recorded import RecordedModel
from versioning.saving.unversioned import follows_the_log
from versioning.viewpoints.chain import Viewpoint


@dataclass(frozen=True)
class Cascade:
    """What is deleted, and whose references to it are cleared (each with its new values)."""

    gone: Sequence[RecordedModel]
    cleared: Sequence[tuple[RecordedModel, Document]]

    def changes(self, at: Viewpoint) -> list[Change]:
        """The same as changes of the versions that the instances were read as.

        Raises EditConflict for one whose version is not known, and that stands otherwise by now.
        """
        deletions = [_deletion(each, at) for each in self.gone]
        gone = {each.pk for each in self.gone}
        edits = [_edit(each, at, values) for each, values in self.cleared if each.pk not in gone]
        return [change for change in (*deletions, *edits) if change is not None]


def cascading(instances: Sequence[RecordedModel]) -> Cascade:
    """What goes when these go. Raises ProtectedError, RestrictedError."""
    by_model: dict[type[models.Model], list[Any]] = {}
    for instance in instances:
        by_model.setdefault(type(instance), []).append(instance)
    collector: Any = _SlowCollector(using=DEFAULT_DB_ALIAS)
    for group in by_model.values():
        collector.collect(group)
    collector.require_unnamed()
    collector.sort()
    gone = [
        instance
        for model, found in collector.data.items()
        if is_versioned(model)
        for instance in sorted(found, key=attrgetter("pk"))
    ]
    return Cascade(gone, list(_cleared_references(collector)))


class _SlowCollector(Collector):
    """Collects instances, whole ones, never DELETE statements.

    On a branch, entities alone: rows without versions refer to what main has.
    """

    def __init__(self, using: str) -> None:
        super().__init__(using=using)
        self._named: dict[type[models.Model], set[UUID]] = {}

    def related_objects(
        self, related_model: type[models.Model], related_fields: Any, objs: Any
    ) -> Any:
        found = super().related_objects(related_model, related_fields, objs)
        if related_model._meta.auto_created and follows_the_log(related_model):
            self._named.setdefault(related_model, set()).update(each.pk for each in objs)
            return found.none()
        counts = context.writing_to().branch == MAIN or follows_the_log(related_model)
        return found if counts else found.none()

    def require_unnamed(self) -> None:
        """Refuse to take what references name, but for those of what goes along.

        Raises ProtectedError.
        """
        gone = {instance.pk for instances in self.data.values() for instance in instances}
        for link, ids in self._named.items():
            rows: Any = link._base_manager.filter(target__in=ids)
            if holding := {row for row in rows if row.owner_id not in gone}:
                target: Any = link._meta.get_field("target").related_model
                raise ProtectedError(
                    f"Cannot delete some instances of model {target.__name__!r} because they are "
                    f"referenced through protected foreign keys: '{link.__name__}.target'.",
                    holding,
                )

    def _has_signal_listeners(self, model: type[models.Model]) -> bool:
        """Without any, Django reads keys alone: the version would be a query for each."""
        return True

    def can_fast_delete(self, objs: Any, from_field: Any = None) -> bool:
        return False


def _cleared_references(collector: Any) -> Iterator[tuple[Any, Document]]:
    """What SET_NULL and SET_DEFAULT change: each instance with its new values."""
    cleared: dict[Any, tuple[Any, Document]] = {}
    for (field, value), groups in collector.field_updates.items():
        for group in groups:
            for instance in group if is_versioned(field.model) else ():
                _, values = cleared.setdefault(instance.pk, (instance, {}))
                kind: Kind = kind_of(type(instance))
                values[field.name] = kind.fields[field.name].to_json(value)
    yield from cleared.values()


def _deletion(instance: RecordedModel, at: Viewpoint) -> Change | None:
    kind, version = kind_of(type(instance)), instance.version_read()
    base = instance.loaded_values()
    if version is None:
        now = current_version(kind, instance.pk, at.chain)
        return deletion_of(now, {**now.document, **base}, at.branch)
    return Change(
        kind,
        instance.pk,
        Operation.DELETE,
        version,
        at.branch,
        instance.branch_read(),
        base=base,
    )


def _edit(instance: RecordedModel, at: Viewpoint, values: Document) -> Change | None:
    kind, version = kind_of(type(instance)), instance.version_read()
    base = instance.loaded_values()
    if version is None:
        now = current_version(kind, instance.pk, at.chain)
        return merged_change(kind, now, base, values, at.branch)
    return Change(
        kind,
        instance.pk,
        Operation.CHANGE,
        version,
        at.branch,
        instance.branch_read(),
        values,
        base,
    )
