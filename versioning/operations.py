"""Operations for migrations of versioned models, beside Django's own.

    from versioning.operations import RunLogged, Upcast

`RunLogged` changes entities, as one changeset; `Upcast` carries a field's old values over by a
function of one's own.
"""

import copy
import math
from collections.abc import Callable
from typing import Any

from django.db import router
from django.db.migrations import AlterField, RunPython
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.state import ProjectState, StateApps

from versioning.entities.kinds import VERSION_SUFFIX, reading_as
from versioning.entities.tables import version_field
from versioning.saving.context import branch_context
from versioning.saving.model import VersionedModel
from versioning.schema.states import kind_keys, kinds_in, without_apps
from versioning.schema.under_way import current_step

Code = Callable[[StateApps, Any], None]


class RunLogged(RunPython):
    """Run Python on a migration's own models; what it saves is one changeset in the log.

    As `RunPython`, and in place of it where versioned models are changed: rows that no event
    led to are refused. The changeset is named after the migration, and stands on main or on the
    branch that is named.
    """

    def __init__(
        self,
        code: Code,
        reverse_code: Code | None = None,
        *,
        branch: str = "main",
        **options: Any,
    ) -> None:
        super().__init__(code, reverse_code, **options)
        self.branch = branch

    def deconstruct(self) -> Any:
        name, arguments, options = super().deconstruct()
        if self.branch != "main":
            options["branch"] = self.branch
        return name, arguments, options

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if self._is_allowed(app_label, schema_editor):
            self._run(self.code, schema_editor, from_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if self.reverse_code is None:
            raise NotImplementedError("You cannot reverse this operation.")
        if self._is_allowed(app_label, schema_editor):
            self._run(self.reverse_code, schema_editor, from_state)

    def _is_allowed(self, app_label: str, schema_editor: Any) -> bool:
        alias = schema_editor.connection.alias
        return bool(router.allow_migrate(alias, app_label, **self.hints))

    def _run(self, code: Code, schema_editor: Any, state: ProjectState) -> None:
        step = current_step()
        assert step is not None, "migrate begins the log where it has not begun"
        step.settle(state, before=self)
        apps = logged_apps(state)
        with (
            reading_as(kinds_in(apps)),
            branch_context(self.branch, message=step.message, longest_seconds=math.inf),
        ):
            code(apps, schema_editor)
        step.resume(state)


class Upcast(AlterField):
    """Alter a field whose old values a registered function carries over.

    `upcaster` is the function's name (see `versioning.schema.upcasters`). The field of the
    versions is altered along. The rows of every version, on every branch, are made anew from
    the log. It cannot be undone.
    """

    def __init__(self, model_name: str, name: str, field: Any, *, upcaster: str) -> None:
        super().__init__(model_name, name, field)
        self.upcaster = upcaster

    def deconstruct(self) -> Any:
        name, arguments, options = super().deconstruct()
        return name, arguments, {**options, "upcaster": self.upcaster}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        super().state_forwards(app_label, state)
        self._of_versions().state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """The columns first, empty; then the rows, from the log; then whether they may be empty."""
        step = current_step()
        if step is None:  # there is no log yet, and no row
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            self._of_versions().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        fields = [
            (
                to_state.apps.get_model(app_label, model),
                from_state.apps.get_model(app_label, model)._meta.get_field(self.name),
                to_state.apps.get_model(app_label, model)._meta.get_field(self.name),
            )
            for model in (self.model_name, f"{self.model_name}{VERSION_SUFFIX}")
        ]
        for model, before, after in fields:
            schema_editor.empty_field(model, before, _nullable(after))
        step.settle(to_state, after=self)
        for model, _, after in fields:
            schema_editor.alter_field(model, _nullable(after), after)
        step.resume(to_state)

    def _of_versions(self) -> AlterField:
        return AlterField(
            f"{self.model_name}{VERSION_SUFFIX}", self.name, version_field(self.field)
        )

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        raise IrreversibleError("What an upcaster did to old values is not known backwards.")


def _nullable(field: Any) -> Any:
    may_be_empty = copy.copy(field)
    may_be_empty.null = True
    return may_be_empty


def logged_apps(state: ProjectState) -> StateApps:
    """The models of a state, those of kinds with `save`, `delete` and querysets that are logged."""
    logged = without_apps(state)
    for key in kind_keys(logged.models):
        logged.models[key].bases = (VersionedModel,)
    return logged.apps
