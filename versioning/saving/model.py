"""The base class of everything that is versioned.

    class Ride(VersionedModel):
        name = models.CharField(max_length=200)
        history = HistoricalRecords()
        version_control = VersionControlManager()

`save`, `delete` and all the rest of the ORM become events; a version table
and views follow the model by themselves.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Self
from uuid import UUID

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.db.models.signals import class_prepared, post_save, pre_save

from eventstore import log
from eventstore.errors import Refusal
from eventstore.rollbacks import on_rollback
from versioning.entities.conflicts import EditConflict
from versioning.entities.expressions import expressions_of
from versioning.entities.kinds import Kind, kind_of, register
from versioning.entities.references import References, link_signals
from versioning.entities.tables import make_link_version_model, make_version_model
from versioning.saving import context, edits
from versioning.saving.computation import compute_for_edit, compute_for_new
from versioning.saving.deleting import delete
from versioning.saving.memento import Memento
from versioning.saving.queryset import VersionedQuerySet, refuse_another_database, require_made_here
from versioning.saving.recorded import RecordedModel
from versioning.saving.tracked import VERSION_NAMES
from versioning.viewpoints import entering
from versioning.viewpoints.chain import Viewpoint


class EntityIsDeleted(Refusal):
    """An instance was deleted, and then saved."""

    code = "entity-is-deleted"
    status = 409
    hint = "Save a copy: set its pk to None first."


class VersionedModel(RecordedModel):
    """A historical model that can differ from branch to branch, and be merged.

    What a model may declare of itself stands with `HistoricalModel`.
    """

    objects = VersionedQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @classmethod
    def from_db(
        cls,
        db: str | None,
        field_names: Iterable[str],
        values: Iterable[Any],
        **kwargs: Any,
    ) -> Self:
        names, held = list(field_names), list(values)
        instance = super().from_db(db, names, held, **kwargs)
        instance._read_at = entering.current()
        instance.remember()
        return instance

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Iterable[str] | None = None,
        from_queryset: Any = None,
    ) -> None:
        """As Django's; an edit of a field that is not read again stays one."""
        refuse_another_database(using)
        names = None if fields is None else set(fields)
        super().refresh_from_db(using, fields, from_queryset)
        self._is_deleted = False
        kind = kind_of(type(self))
        for f in kind.reference_fields:
            if names is None or f.name in names:
                self.__dict__.pop(f.name, None)
        if names is None:
            self._read_at = entering.current()
            self.remember()
        else:
            read_as = {name: self._loaded.get(name) for name in VERSION_NAMES}
            unsaved = self._unsaved(self._names(names))
            self.remember(unsaved)
            # A number that was read later is none of the version that the rest is of.
            self._loaded = {**self._loaded, **read_as}

    def _get_next_or_previous_by_FIELD(self, *told: Any, **options: Any) -> Any:  # noqa: N802
        """Its neighbour where it was read. Raises LeftViewpoint.

        Django's `get_next_by_…` and `get_previous_by_…` call it.
        """
        require_made_here(self._read_at)
        neighbours: Any = super()
        return neighbours._get_next_or_previous_by_FIELD(*told, **options)  # noqa: SLF001

    def one_changeset(self) -> AbstractContextManager[Any]:
        """Have all that is saved inside be one changeset, where saves go now."""
        return context.branch_context(context.writing_to().name)

    def save_base(
        self,
        raw: bool = False,
        force_insert: Any = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        """Record what differs as an event; the projector writes the row.

        What is to be updated alone (by `force_update` or `update_fields`) and was not read is
        edited all the same. Raises NotUpdated where it is not there.
        """
        refuse_another_database(using)
        context.require_writable()
        if self.is_new():
            self.begin_entity()
            self._state.adding = not force_update and update_fields is None
        elif force_insert:
            raise edits.already_exists(kind_of(type(self)), self.pk)
        signal: dict[str, Any] = {
            "sender": type(self),
            "instance": self,
            "raw": raw,
            "using": DEFAULT_DB_ALIAS,
            "update_fields": update_fields,
        }
        kind = kind_of(type(self))
        if self._is_deleted and not self._state.adding:
            raise EntityIsDeleted(f"This {self._meta.verbose_name} was deleted.")
        if not raw:
            self.settle_fields()
        pre_save.send(**signal)
        at = context.writing_to()
        self.check_belongs_to(at)
        with self._computed(kind):
            created = self._record(kind, at, update_fields, force_update=force_update)
        post_save.send(created=created, **signal)

    def _save_table(
        self,
        raw: bool = False,
        cls: Any = None,
        force_insert: bool = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> bool:
        """Record the entity of a fixture, whatever stands there; whether anything did.

        Django saves fixtures past `save_base`, by that of its own base class, which calls this.
        """
        refuse_another_database(using)
        context.require_writable()
        memento = Memento(self)
        at = context.writing_to()
        self.version, self.on_branch, was_there = edits.record_loaded(
            kind_of(type(self)), self.pk, self.values_to_save(update_fields)
        )
        self._mark_saved(at, memento)
        return was_there

    @contextmanager
    def _computed(self, kind: Kind) -> Iterator[None]:
        """Have the database compute the values that are expressions, and nobody come between."""
        expressions = expressions_of(self, kind)
        if not expressions:
            yield
            return
        with transaction.atomic():
            log.lock()
            (compute_for_new if self._state.adding else compute_for_edit)(self, expressions)
            yield

    def _record(
        self, kind: Kind, at: Viewpoint, update_fields: Iterable[str] | None, *, force_update: bool
    ) -> bool:
        """Record a creation or an edit; whether it was the former. Raises NotUpdated."""
        if not self._state.adding:
            try:
                self._record_edit(kind, at, update_fields, force_update=force_update)
                return False
            except (kind.model.DoesNotExist, EditConflict) as error:
                # Who read it is told that it is gone; who did not saves what is not there.
                if self._loaded or getattr(error, "theirs", None) is not None:
                    raise
                self._state.adding = True
                if force_update or update_fields is not None:
                    raise self.NotUpdated(
                        f"The {kind.label} that was to be updated is not there."
                    ) from None
        memento = Memento(self)
        self.version = edits.record_creation(kind, self.pk, self.values_to_save())
        self.on_branch = at.branch
        self._mark_saved(at, memento)
        return True

    def _record_edit(
        self, kind: Kind, at: Viewpoint, update_fields: Iterable[str] | None, *, force_update: bool
    ) -> None:
        memento = Memento(self)
        names = None if update_fields is None else self._names(update_fields)
        unsaved = self._unsaved(names)
        self.version, self.on_branch, values = edits.record_edit(
            kind,
            self.pk,
            self.loaded_values(),
            self.touched_values(update_fields),
            base_version=self.version_read(),
            base_branch=self.branch_read(),
        )
        if force_update and not values and not self._is_there():
            raise self.NotUpdated(f"The {kind.label} that was to be updated is gone.")
        memento.taken = self._take(kind, values, unsaved)
        self._mark_saved(at, memento, unsaved)

    def _is_there(self) -> bool:
        return type(self)._base_manager.filter(pk=self.pk).exists()

    def delete(
        self, using: str | None = None, keep_parents: bool = False
    ) -> tuple[int, dict[str, int]]:
        """Record a tombstone, and one for all that cascades, as one changeset.

        Of an instance that was not read, the entity that has its key.
        """
        refuse_another_database(using)
        context.require_writable()
        if self.is_new() or not self._loaded:
            return self._delete_by_key()
        self.check_belongs_here()
        memento = Memento(self)
        deleted = delete([self], origin=self)
        on_rollback(memento.recall)
        self._is_deleted = True
        return deleted

    def _delete_by_key(self) -> tuple[int, dict[str, int]]:
        key: UUID | None = self.pk
        if key is None:
            label = self._meta.object_name
            raise ValueError(f"A {label} whose id is None is nothing that could be deleted.")
        entity = type(self)._base_manager.filter(pk=key).first()
        return (0, {self._meta.label: 0}) if entity is None else delete([entity], origin=self)

    # No template may call it; that functions have attributes, their type does not say.
    delete.alters_data = True  # type: ignore[attr-defined]

    def set_references(
        self, name: str, objs: Iterable[Any], *, is_cleared: bool = False, raw: bool = False
    ) -> None:
        """Set a references field: an edit of this entity. Unchanged lists record nothing.

        `is_cleared` and `raw` are for Django's signals alone, which tell a list that is cleared
        from one whose items are taken out, and fixtures from all else.
        """
        kind = kind_of(type(self))
        wanted = list(dict.fromkeys(str(getattr(obj, "pk", obj)) for obj in objs))
        at = context.writing_to()
        self._settle_key()
        self.check_belongs_to(at)
        now = edits.current_version(kind, self.pk)
        memento = Memento(self)
        after = None if is_cleared else wanted
        with link_signals(self, name, now.document[name], after, raw=raw):
            version, branch, _ = edits.record_edit(
                kind,
                self.pk,
                now.document,
                {name: wanted},
                base_version=now.version,
                base_branch=now.branch,
            )
        if self.version_read() == now.version:
            self.version, self.on_branch = version, branch
            self._loaded = {**self._loaded, "version": version, "on_branch": branch}
        self._read_at = at
        on_rollback(memento.recall)


def _derive(sender: type[models.Model], **_: Any) -> None:
    """A versioned model is ready: make its version tables and register its kind."""
    if not issubclass(sender, VersionedModel) or sender._meta.abstract or sender._meta.proxy:
        return
    if sender._meta.apps is not apps:
        return  # a model of a migration's state, which names its version tables itself
    told = sender.former_names
    register(Kind(sender, told if isinstance(told, Mapping) else {}))  # a field is found by checks
    # A Meta that is inherited from another base leaves it out.
    sender._meta.base_manager_name = sender._meta.base_manager_name or "objects"
    sender._meta.__dict__.pop("base_manager", None)
    make_version_model(sender)
    if sender._meta.private_fields:
        from versioning.saving.generic import relate_here  # where django.contrib has the fields

        relate_here(sender)
    for field in sender._meta.local_many_to_many:
        if isinstance(field, References):
            make_link_version_model(field)


class_prepared.connect(_derive, dispatch_uid="versioning.derive")
