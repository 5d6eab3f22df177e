"""Instances that know where they were read, and believe what was recorded of them."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, models

from eventstore.errors import Refusal
from eventstore.rollbacks import on_rollback
from eventstore.types import Version
from versioning.entities.historical import new_id
from versioning.entities.kinds import Document, Kind, kind_of
from versioning.events import MAIN
from versioning.saving import context
from versioning.saving.memento import Memento
from versioning.saving.tracked import TrackedModel
from versioning.viewpoints.chain import Viewpoint


class WrittenElsewhere(Refusal):
    """An instance that was read on one branch was saved on another."""

    code = "written-elsewhere"
    status = 500


class IncompleteCopy(Refusal, ValueError):
    """An instance that was read in part got another key, and was saved as a new entity."""

    code = "incomplete-copy"
    status = 500
    hint = "Read all of it, then copy it."


class RecordedModel(TrackedModel):
    """A tracked model whose instances are of a viewpoint, where they were read or saved last."""

    class Meta:
        abstract = True

    _read_at: Viewpoint | None = None
    _is_deleted = False

    @property
    def read_at(self) -> Viewpoint | None:
        """Where it was read, or saved last; None where it was neither."""
        return self._read_at

    def check_belongs_to(self, at: Viewpoint) -> None:
        """Refuse an instance that was read somewhere else than it is saved."""
        if self._read_at is not None and self._read_at != at:
            raise WrittenElsewhere(
                f"This {self._meta.verbose_name} was read at {self._read_at.name}"
                f"{'@p' + str(self._read_at.position) if self._read_at.is_past else ''}.",
                f"Read it again inside branch_context({at.name!r}) to change it there.",
            )

    def check_belongs_here(self) -> None:
        """Refuse an instance that was read somewhere else than saves go now."""
        self.check_belongs_to(context.writing_to())

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

    def settle_fields(self) -> None:
        """Give the fields that have a say in what is saved (`auto_now`) their say."""
        for field in kind_of(type(self)).fields_set_on_save:
            if field.attname in self.__dict__:
                setattr(self, field.attname, field.pre_save(self, self._state.adding))

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
