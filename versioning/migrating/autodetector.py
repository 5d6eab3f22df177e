"""`makemigrations` for kinds: a question about a model is asked once, not again for its versions.

And not at all where the model says the answer: in `former_names` what a field was called, in
`former_label` what the model was. Renames come first (see `renames`), whatever else changed.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeIs

from django.db.migrations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterUniqueTogether,
    RemoveConstraint,
    RemoveField,
    RemoveIndex,
    RenameIndex,
)
from django.db.migrations.autodetector import MigrationAutodetector, OperationDependency
from django.db.migrations.operations.base import Operation
from django.db.migrations.questioner import MigrationQuestioner
from django.db.migrations.state import ModelState, ProjectState

from versioning.entities.kinds import VERSION_SUFFIX, kinds
from versioning.fields.items import ItemsField
from versioning.migrating.renames import Renames
from versioning.schema.describing import parts_of
from versioning.schema.parts import part_changes
from versioning.schema.states import is_derived, kind_keys

_OF_INDEXES = RemoveIndex | RemoveConstraint | RenameIndex


class VersionedAutodetector(MigrationAutodetector):
    """Django's, from a state in which every kind is called as it is now."""

    generated_operations: dict[str, list[Operation]]

    def __init__(self, from_state: Any, to_state: Any, questioner: Any = None) -> None:
        asking = KindQuestioner(questioner or MigrationQuestioner())
        super().__init__(from_state, to_state, asking)  # type: ignore[arg-type]
        self._renames: Renames | None = None

    def _detect_changes(self, convert_apps: Any = None, graph: Any = None) -> Any:
        self._renames = Renames(self)
        self.from_state = self._renames.state
        _require_clear_parts(self._renames, self.to_state)
        return super()._detect_changes(convert_apps, graph)  # type: ignore[misc]  # Django's own, unlisted

    def _sort_migrations(self) -> None:
        for app, operations in self.generated_operations.items():
            for operation in operations:
                if isinstance(operation, AddField | RemoveField) and self._is_computed(
                    app, operation
                ):
                    _order_around(app, operation, operations)
        super()._sort_migrations()  # type: ignore[misc]  # as above
        renames = self._renames
        assert renames is not None
        for app in renames.of_models.keys() | renames.of_fields.keys():
            others = self.generated_operations.get(app, [])
            # Indexes that go have columns by their former names, for whoever undoes it; and those
            # that stay give their names to others.
            indexes = [each for each in others if isinstance(each, _OF_INDEXES)]
            first = [
                *renames.of_models.get(app, []),
                *indexes,
                *renames.of_fields.get(app, []),
            ]
            self.generated_operations[app] = [each for each in others if each not in indexes]
            for operation in reversed(first):
                dependencies = renames.dependencies.get(operation)
                self.add_operation(app, operation, dependencies, beginning=True)

    def _is_computed(self, app: str, operation: AddField | RemoveField) -> bool:
        """Whether it adds or removes what the database computes."""
        if isinstance(operation, AddField):
            return bool(operation.field.generated)
        model = self.from_state.models[app, operation.model_name_lower]
        return bool(model.fields[operation.name].generated)


def _order_around(
    app: str, computed: AddField | RemoveField, operations: Sequence[Operation]
) -> None:
    """Let a column that is computed of others be added after those are altered, or go before.

    PostgreSQL alters no column that another one is computed of, and computes none of a type that
    is still to come. Indexes and constraints follow.
    """
    model = computed.model_name_lower
    altered = [each for each in operations if _alters(each, model)]
    if isinstance(computed, RemoveField):
        _wait(app, model, altered, computed.name, OperationDependency.Type.REMOVE)
    built = [each for each in operations if _builds(each, model)]
    for each in altered:
        _wait(app, model, built, each.name, OperationDependency.Type.ALTER)
    if isinstance(computed, AddField):
        _wait(app, model, built, computed.name, OperationDependency.Type.CREATE)
        for each in altered:
            _wait(app, model, [computed], each.name, OperationDependency.Type.ALTER)


def _alters(operation: Operation, model: str) -> TypeIs[AlterField]:
    return (
        isinstance(operation, AlterField)
        and operation.model_name_lower == model
        and not operation.field.generated
    )


def _builds(operation: Operation, model: str) -> bool:
    """Whether it makes an index or a constraint of a model."""
    return (
        isinstance(operation, AddIndex | AddConstraint) and operation.model_name_lower == model
    ) or (isinstance(operation, AlterUniqueTogether) and operation.name_lower == model)


def _wait(
    app: str,
    model: str,
    operations: Iterable[Operation],
    field: str,
    until: OperationDependency.Type,
) -> None:
    """Let operations come after what is done to a field."""
    for each in operations:
        each._auto_deps.append(OperationDependency(app, model, field, until))  # type: ignore[attr-defined]  # noqa: SLF001  # Django's own, unlisted


def _require_clear_parts(renames: Renames, after: ProjectState) -> None:
    """Refuse a change of an item class that no migration could tell. Raises PartsUnclear."""
    for app, model in kind_keys(after.models):
        former = renames.state.models.get((app, model))
        for name, field in after.models[app, model].fields.items() if former else ():
            if isinstance(field, ItemsField) and former and name in former.fields:
                parts = parts_of(former.fields[name]) or {}
                known = {
                    part: told.model_copy(update={"target": renames.label_today(told.target)})
                    for part, told in parts.items()
                }
                part_changes(f"{app}.{model}.{name}", field, known or None, field.former_names)


class KindQuestioner:
    """Hands questions on, and remembers what was answered about a model."""

    def __init__(self, questioner: MigrationQuestioner) -> None:
        self._questioner = questioner
        self._answers: dict[tuple[str, ...], Any] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._questioner, name)

    def ask_rename(self, model_name: str, old_name: str, new_name: str, field: Any) -> bool:
        """Whether a field was renamed."""
        return bool(
            self._once(
                ("rename", _head(model_name) or model_name, old_name, new_name),
                lambda: self._questioner.ask_rename(model_name, old_name, new_name, field),
            )
        )

    def ask_rename_model(self, old: ModelState, new: ModelState) -> bool:
        """Whether a model was renamed. Nobody is asked about what belongs to a kind."""
        if is_derived(old) or is_derived(new):
            return False
        return bool(
            self._once(
                ("model", old.app_label, old.name_lower, new.name_lower),
                lambda: self._questioner.ask_rename_model(old, new),
            )
        )

    def ask_not_null_addition(self, field_name: str, model_name: str) -> Any:
        """The one-off default of a field that must not be empty."""
        return self._once(
            ("addition", _head(model_name) or model_name, field_name),
            lambda: self._questioner.ask_not_null_addition(field_name, model_name),
        )

    def ask_not_null_alteration(self, field_name: str, model_name: str) -> Any:
        """What is put where nothing may stand any more."""
        return self._once(
            ("alteration", _head(model_name) or model_name, field_name),
            lambda: self._questioner.ask_not_null_alteration(field_name, model_name),
        )

    def ask_auto_now_add_addition(self, field_name: str, model_name: str) -> Any:
        """The time that existing rows get."""
        return self._once(
            ("time", _head(model_name) or model_name, field_name),
            lambda: self._questioner.ask_auto_now_add_addition(field_name, model_name),
        )

    def _once(self, key: tuple[str, ...], ask: Any) -> Any:
        if key not in self._answers:
            self._answers[key] = ask()
        return self._answers[key]


def _head(model_name: str) -> str | None:
    """The model whose versions a model is of, both in lower case."""
    name = model_name.lower()
    head = name.removesuffix(VERSION_SUFFIX)
    is_of_versions = head != name and any(k.model._meta.model_name == head for k in kinds())
    return head if is_of_versions else None
