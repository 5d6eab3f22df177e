"""How a process that helps to replay begins: before Django is, so nothing here imports it first."""

from typing import Any

_reached: Any = None
"""How far each process has come: an array that they share."""


def begin(database: str, reached: Any) -> None:
    """Set up Django, on the database of the process that asked for help."""
    global _reached  # the only way from a pool's initializer to its tasks
    _reached = reached
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = database


def tell(number: int, position: int) -> None:
    """Say how far this process, by its number, has come."""
    _reached[number] = position
