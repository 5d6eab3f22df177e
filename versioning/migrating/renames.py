"""The renames of kinds, found before anything else is compared: told by models, or asked about.

What belongs to a kind follows it: its versions, and the versions of its links. Nobody is asked
about those. The rest of a change is then one of kinds that are called the same.
"""

from collections.abc import Iterator
from typing import Any

from django.core.management import CommandError
from django.db.migrations import RenameField, RenameModel
from django.db.migrations.autodetector import MigrationAutodetector, OperationDependency
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState
from django.db.models import Field

from eventstore.errors import Refusal
from versioning.entities.kinds import VERSION_SUFFIX
from versioning.entities.references import References
from versioning.schema.states import Key, installed, kind_keys, without_apps


class RenameUnclear(Refusal, CommandError):
    """A name is told to be a former one of what stands under its own name beside it."""

    code = "rename-unclear"
    status = 409


class Renames:
    """The renames that lead from the detector's one state to the other."""

    def __init__(self, detector: MigrationAutodetector) -> None:
        self.state = without_apps(detector.from_state)
        """The state to begin with, once everything has its name of today."""
        self.of_models: dict[str, list[Operation]] = {}
        """The operations by app that give models their names."""
        self.of_fields: dict[str, list[Operation]] = {}
        """Those that give fields theirs, of models by their names of today."""
        self.dependencies: dict[Operation, list[Any]] = {}
        """What of other apps has to be there, as Django has it: those who refer to the model."""
        self._after = detector.to_state
        self._detector = detector
        self._rename_models()
        self._rename_fields()

    def label_today(self, label: str) -> str:
        """What a model is called now that had a label before."""
        for app, operations in self.of_models.items():
            for each in operations:
                if isinstance(each, RenameModel) and label == f"{app}.{each.old_name_lower}":
                    label = f"{app}.{each.new_name_lower}"
        return label

    def _rename_models(self) -> None:
        for key in kind_keys(self._after.models):
            if (former := self._told_model(key)) is not None:
                self._rename_kind(former, key)
        for key in kind_keys(self._after.models):
            if (former := self._asked_model(key)) is not None:
                self._rename_kind(former, key)

    def _told_model(self, key: Key) -> Key | None:
        """What a model's `former_label` names, if that is in the state still."""
        app, _, name = str(getattr(installed(".".join(key)), "former_label", "")).partition(".")
        former = app, name
        if former[0] != key[0] or former not in kind_keys(self.state.models):
            return None
        if key not in self.state.models:
            return former
        if former not in self._after.models:
            raise RenameUnclear(
                f"{'.'.join(key)} tells that it was {'.'.join(former)} once, and both stand.",
                "Where an earlier migration renamed it, take former_label out. Else remove the one "
                "that has the name now by a migration, and rename the other in the next.",
            )
        return None  # it was renamed before, and its former label is another model's

    def _asked_model(self, key: Key) -> Key | None:
        """A kind that is gone and has the same fields, where the answer is yes."""
        if key in self.state.models:
            return None
        for former in kind_keys(self.state.models):
            if (
                former[0] == key[0]
                and former not in self._after.models
                and self._have_same_fields(self.state.models[former], self._after.models[key])
                and self._detector.questioner.ask_rename_model(
                    self.state.models[former], self._after.models[key]
                )
            ):
                return former
        return None

    def _have_same_fields(self, one: ModelState, other: ModelState) -> bool:
        """Whether two models do, whatever those are called and whatever they refer to."""
        define = self._detector.only_relation_agnostic_fields
        rest = define(other.fields)
        for definition in define(one.fields):
            if definition not in rest:
                return False
            rest.remove(definition)
        return not rest

    def _rename_kind(self, former: Key, key: Key) -> None:
        app, model = key[0], self.state.models[former]
        name = self._after.models[key].name
        self._rename_model(app, model.name, name)
        self._rename_model(app, f"{model.name}Version", f"{name}Version")
        for field in _references(model):
            self._rename_model(app, _links_of(model.name, field), _links_of(name, field))

    def _rename_model(self, app: str, before: str, after: str) -> None:
        if (model := self.state.models.get((app, before.lower()))) is None:
            return
        operation = RenameModel(model.name, after)
        self.dependencies[operation] = [
            OperationDependency(other, name, None, OperationDependency.Type.CREATE)
            for other, name in self.state.relations[app, before.lower()]
            if other != app
        ]
        self._add(self.of_models, app, operation)

    def _rename_fields(self) -> None:
        for app, name in kind_keys(self._after.models):
            if (app, name) in kind_keys(self.state.models):
                for before, after in self._told_fields((app, name)):
                    self._rename_field(app, name, before, after)
                for before, after in self._asked_fields((app, name)):
                    self._rename_field(app, name, before, after)

    def _told_fields(self, key: Key) -> Iterator[tuple[str, str]]:
        gone, new = self._gone_and_new(key)
        for before, after in getattr(installed(".".join(key)), "former_names", {}).items():
            if before in gone and after in new:
                yield before, after
            elif before in gone:
                raise RenameUnclear(
                    f"{'.'.join(key)} tells that {after} was {before} once, and both stand.",
                    f"Remove the {after} that there is by a migration, and rename {before} in the "
                    "next; or take the name out of former_names.",
                )

    def _asked_fields(self, key: Key) -> Iterator[tuple[str, str]]:
        gone, new = self._gone_and_new(key)
        for after in sorted(new):
            for before in sorted(gone):
                field = self._after.models[key].fields[after]
                if self._is_same(
                    self.state.models[key].fields[before], before, field
                ) and self._detector.questioner.ask_rename(key[1], before, after, field):
                    gone.remove(before)
                    yield before, after
                    break

    def _gone_and_new(self, key: Key) -> tuple[set[str], set[str]]:
        before, after = (set(state.models[key].fields) for state in (self.state, self._after))
        return before - after, after - before

    def _is_same(self, before: "Field[Any, Any]", name: str, after: "Field[Any, Any]") -> bool:
        """Whether two fields differ in nothing, or in a `db_column` that keeps the column."""
        one, other = (self._detector.deep_deconstruct(each) for each in (before, after))
        bound = before.clone()
        bound.set_attributes_from_name(name)
        kept = {**one[2], "db_column": bound.get_attname_column()[1]}
        return bool(one == other or (one[:2] == other[:2] and kept == other[2]))

    def _rename_field(self, app: str, model: str, before: str, after: str) -> None:
        if isinstance(self.state.models[app, model].fields[before], References):
            name = self.state.models[app, model].name
            self._rename_model(app, _links_of(name, before), _links_of(name, after))
        for each in (model, f"{model}{VERSION_SUFFIX}"):
            if before in self.state.models[app, each].fields:
                self._add(self.of_fields, app, RenameField(each, before, after))

    def _add(self, operations: dict[str, list[Operation]], app: str, each: Operation) -> None:
        each.state_forwards(app, self.state)
        operations.setdefault(app, []).append(each)


def _references(model: ModelState) -> list[str]:
    return [name for name, field in model.fields.items() if isinstance(field, References)]


def _links_of(model: str, field: str) -> str:
    """What the versions of a references field's links are called."""
    return f"{model}_{field}Version".replace("_", "")
