"""A word for several values of a field, as a kind's class declares it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ValueGroup:
    """What has one of some values in a field: `former` is what is closed, relocated or removed."""

    field: str
    values: tuple[str, ...]
