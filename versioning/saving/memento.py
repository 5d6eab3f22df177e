"""What a save must be able to take back of the instance that was saved."""

import weakref
from typing import Any

from django.db import models


class Memento:
    """What an instance holds itself to be before a save; recalled if the save is rolled back.

    The values that it has to save stay with it: what was taken back is saved again.
    """

    __slots__ = ("_held", "_instance", "_state", "taken")

    _NAMES = ("version", "on_branch", "_read_at", "_read_after", "_loaded", "_is_deleted")

    def __init__(self, instance: models.Model) -> None:
        held = instance.__dict__
        self._instance = weakref.ref(instance)
        self._held = {name: held[name] for name in self._NAMES if name in held}
        self._state = (instance._state.adding, instance._state.db)
        self.taken: dict[str, tuple[Any, Any]] = {}
        """What stood in an attribute, and what the save put there."""

    def recall(self) -> None:
        """Be again what it was."""
        if (instance := self._instance()) is None:
            return
        held = instance.__dict__
        for name in self._NAMES:
            held.pop(name, None)
        held.update(self._held)
        instance._state.adding, instance._state.db = self._state
        for attribute, (before, value) in self.taken.items():
            if held.get(attribute) is value:
                held[attribute] = before
