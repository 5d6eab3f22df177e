"""`makemigrations` for kinds: a question about a model is asked once, not again for its versions.

And not at all where the model says the answer: in `former_names` what a field was called, in
`former_label` what the model was.
"""

from typing import Any

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.questioner import MigrationQuestioner
from django.db.migrations.state import ModelState

from versioning.entities.kinds import VERSION_SUFFIX, kinds


class VersionedAutodetector(MigrationAutodetector):
    """Django's; what it asks of versions and links is answered as it was of their model."""

    def __init__(self, from_state: Any, to_state: Any, questioner: Any = None) -> None:
        asking = KindQuestioner(questioner or MigrationQuestioner())
        super().__init__(from_state, to_state, asking)  # type: ignore[arg-type]


class KindQuestioner:
    """Hands questions on, and remembers what was answered about a model."""

    def __init__(self, questioner: MigrationQuestioner) -> None:
        self._questioner = questioner
        self._models: dict[tuple[str, str], bool] = {}
        self._answers: dict[tuple[str, ...], Any] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._questioner, name)

    def ask_rename(self, model_name: str, old_name: str, new_name: str, field: Any) -> bool:
        """Whether a field was renamed."""
        head = _head(model_name)
        if _is_former_name(head or model_name, old_name, new_name):
            return True
        return bool(
            self._once(
                ("rename", head or model_name, old_name, new_name),
                lambda: self._questioner.ask_rename(model_name, old_name, new_name, field),
            )
        )

    def ask_rename_model(self, old: ModelState, new: ModelState) -> bool:
        """Whether a model was renamed: asked of heads, known then of their versions and links."""
        for (before, after), answer in self._models.items():
            if _is_part(old.name_lower, before) and _is_part(new.name_lower, after):
                return answer
        if _is_of_former_field(old, new):
            return True
        answer = _is_former_label(old, new) or self._questioner.ask_rename_model(old, new)
        self._models[old.name_lower, new.name_lower] = answer
        return answer

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


def _is_part(name: str, head: str) -> bool:
    """Whether a model holds versions, or links' versions, of a head: all are called after it."""
    return name != head and name.startswith(head) and name.endswith(VERSION_SUFFIX)


def _is_former_name(model_name: str, old_name: str, new_name: str) -> bool:
    return any(
        kind.model._meta.model_name == model_name.lower()
        and kind.former_names.get(old_name) == new_name
        for kind in kinds()
    )


def _is_former_label(old: ModelState, new: ModelState) -> bool:
    model = apps.get_model(new.app_label, new.name)
    return bool(getattr(model, "former_label", "") == f"{old.app_label}.{old.name_lower}")


def _is_of_former_field(old: ModelState, new: ModelState) -> bool:
    """Whether links' versions are called otherwise because their field is: `BookauthorsVersion`."""
    return any(
        (old.name_lower, new.name_lower)
        == (
            f"{name}{before.replace('_', '')}{VERSION_SUFFIX}",
            f"{name}{after.replace('_', '')}{VERSION_SUFFIX}",
        )
        for kind in kinds()
        for before, after in kind.former_names.items()
        if (name := kind.model._meta.model_name)
    )
