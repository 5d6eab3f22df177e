"""The base class of everything that is versioned.

    class Ride(VersionedModel):
        name = models.CharField(max_length=200)
        history = HistoricalRecords()
        version_control = VersionControlManager()

`save`, `delete` and all the rest of the ORM become events; a version table
and views follow the model by themselves.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Self
from uuid import UUID

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.db.models.signals import class_prepared, post_save, pre_save

from eventstore import log
from eventstore.errors import Refusal
from eventstore.rollbacks import on_rollback
from eventstore.types import Version
from versioning import context
from versioning.entities import saving
from versioning.entities.conflicts import EditConflict
from versioning.entities.deleting import delete
from versioning.entities.expressions import (
    compute_for_edit,
    compute_for_new,
    expressions_of,
)
from versioning.entities.historical import new_id as new_id  # where migrations have it from
from versioning.entities.kinds import Document, Kind, kind_of, register
from versioning.entities.memento import Memento
from versioning.entities.queryset import (
    VersionedQuerySet,
    refuse_another_database,
    require_made_here,
)
from versioning.entities.references import References, link_signals
from versioning.entities.tables import make_link_version_model, make_version_model
from versioning.entities.tracked import VERSION_NAMES, TrackedModel
from versioning.events import MAIN
from versioning.viewpoints import entering
from versioning.viewpoints.chain import Viewpoint


class WrittenElsewhere(Refusal):
    """An instance that was read on one branch was saved on another."""

    code = "written-elsewhere"
    status = 500


class EntityIsDeleted(Refusal):
    """An instance was deleted, and then saved."""

    code = "entity-is-deleted"
    status = 409
    hint = "Save a copy: set its pk to None first."


class IncompleteCopy(Refusal, ValueError):
    """An instance that was read in part got another key, and was saved as a new entity."""

    code = "incomplete-copy"
    status = 500
    hint = "Read all of it, then copy it."


class VersionedModel(TrackedModel):
    """A historical model that can differ from branch to branch, and be merged.

    `former_names` gives a renamed field's old name with the new one, and `former_label` a
    renamed model's old label: `makemigrations` asks nobody then. References to the model itself
    are a hierarchy, in which nothing stands above itself, but for those that are `circular`.
    What is `only_on_main` holds for all branches, and is refused on any other. What is itself of a
    branch says so in `of_branch`: its field that names the branch, and by which column of it.
    """

    former_names: ClassVar[Mapping[str, str]] = {}
    former_label: ClassVar[str] = ""
    circular: ClassVar[tuple[str, ...]] = ()
    only_on_main: ClassVar[bool] = False
    of_branch: ClassVar[tuple[str, str] | None] = None

    objects = VersionedQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    _read_at: Viewpoint | None = None
    _is_deleted = False

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

    def contradictions(self) -> Iterable[tuple[str | Sequence[str], str]]:
        """What no version may say: the fields (or the one) that say it, and a sentence.

        Asked of what a merge would make, and only of the entity's own fields: others may change
        in the same merge.
        """
        return ()

    @property
    def read_at(self) -> Viewpoint | None:
        """Where it was read, or saved last; None where it was neither."""
        return self._read_at

    def _get_next_or_previous_by_FIELD(self, *told: Any, **options: Any) -> Any:  # noqa: N802
        """Its neighbour where it was read. Raises LeftViewpoint.

        Django's `get_next_by_…` and `get_previous_by_…` call it.
        """
        require_made_here(self._read_at)
        neighbours: Any = super()
        return neighbours._get_next_or_previous_by_FIELD(*told, **options)  # noqa: SLF001

    def check_belongs_to(self, at: Viewpoint) -> None:
        """Refuse an instance that was read somewhere else than it is saved."""
        if self._read_at is not None and self._read_at != at:
            raise WrittenElsewhere(
                f"This {self._meta.verbose_name} was read at {self._read_at.name}"
                f"{'@p' + str(self._read_at.position) if self._read_at.is_past else ''}.",
                f"Read it again inside branch_context({at.name!r}) to change it there.",
            )

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
            raise saving.already_exists(kind_of(type(self)), self.pk)
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

    def is_new(self) -> bool:
        """Whether a save would make an entity: one whose key was changed is another, a copy."""
        self._settle_key()
        return self._state.adding or self._loaded.get("id", self.pk) != self.pk

    def _settle_key(self) -> None:
        """Hold the key as its field has it, where it was assigned as text."""
        key: Any = self.pk
        if not isinstance(key, UUID | None):
            self.pk = models.UUIDField().to_python(key)

    def begin_entity(self) -> None:
        """Be a new entity, with a key. Raises IncompleteCopy."""
        if "id" in self._loaded:
            kept = {f.attribute for f in kind_of(type(self)).fields.values()}
            if missing := self.get_deferred_fields() & kept:
                raise IncompleteCopy(
                    f"This {self._meta.verbose_name} was read without {', '.join(sorted(missing))}."
                )
            self._state.adding = True
            self.version, self.on_branch = 0, MAIN
            self._read_at, self._read_after, self._loaded = None, None, {}
            self._is_deleted = False
        key: UUID | None = self.pk
        self.pk = new_id() if key is None else key

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
        self.version, self.on_branch, was_there = saving.record_loaded(
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

    def settle_fields(self) -> None:
        """Give the fields that have a say in what is saved (`auto_now`) their say."""
        for field in kind_of(type(self)).fields_set_on_save:
            if field.attname in self.__dict__:
                setattr(self, field.attname, field.pre_save(self, self._state.adding))

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
        self.version = saving.record_creation(kind, self.pk, self.values_to_save())
        self.on_branch = at.branch
        self._mark_saved(at, memento)
        return True

    def _record_edit(
        self, kind: Kind, at: Viewpoint, update_fields: Iterable[str] | None, *, force_update: bool
    ) -> None:
        memento = Memento(self)
        names = None if update_fields is None else self._names(update_fields)
        unsaved = self._unsaved(names)
        self.version, self.on_branch, values = saving.record_edit(
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

    def _take(
        self, kind: Kind, values: Document, unsaved: Mapping[str, Any]
    ) -> dict[str, tuple[Any, Any]]:
        """Show what was recorded, others' changes included; what stood there, and stands now."""
        taken = {}
        for name, value in values.items():
            f = kind.fields[name]
            before = self.__dict__.get(f.attribute)
            if f.is_references or f.attribute in unsaved:
                continue
            if f.to_json(before) != value:
                setattr(self, f.attribute, f.to_python(value))
                taken[f.attribute] = (before, self.__dict__[f.attribute])
        return taken

    def mark_saved(
        self, version: int, branch: int, values: Document, fields: Iterable[str] | None
    ) -> None:
        """What a batch calls once its changeset is appended, with what was merged into it."""
        memento = Memento(self)
        unsaved = self._unsaved(None if fields is None else self._names(fields))
        self.version, self.on_branch = version, branch
        memento.taken = self._take(kind_of(type(self)), values, unsaved)
        self._mark_saved(context.writing_to(), memento, unsaved)

    def _mark_saved(
        self, at: Viewpoint, before: Memento, unsaved: Mapping[str, Any] | None = None
    ) -> None:
        """Believe what was recorded, until a rollback takes it back."""
        self._state.db = DEFAULT_DB_ALIAS
        self._state.adding = False
        self._is_deleted = False
        self._read_at = at
        for attribute in kind_of(type(self)).generated_attributes:
            self.__dict__.pop(attribute, None)  # read again when it is asked for
        on_rollback(before.recall)
        self.remember(unsaved)

    def version_read(self) -> Version | None:
        """The version that an edit of this instance begins from, whatever was assigned since.

        None where it was not read with the rest, or in a transaction that was rolled back behind
        it: what it holds may never have been, so an edit is merged with what stands now.
        """
        if self._read_after is not None and self._read_after.is_undone:
            return None
        version: int | None = self._loaded.get("version")
        return None if version is None else Version(version)

    def branch_read(self) -> int:
        """The branch that the version which was read is of; where none was, the one of saves."""
        branch: int | None = self._loaded.get("on_branch")
        return context.writing_to().branch if branch is None else branch

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
        self.check_belongs_to(context.writing_to())
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
        now = saving.current_version(kind, self.pk)
        memento = Memento(self)
        after = None if is_cleared else wanted
        with link_signals(self, name, now.document[name], after, raw=raw):
            version, branch, _ = saving.record_edit(
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
        from versioning.entities.generic import relate_here  # where django.contrib has the fields

        relate_here(sender)
    for field in sender._meta.local_many_to_many:
        if isinstance(field, References):
            make_link_version_model(field)


class_prepared.connect(_derive, dispatch_uid="versioning.derive")
