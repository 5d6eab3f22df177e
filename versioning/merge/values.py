"""What a field can hold, and when two values are the same one.

A missing field and a null are different things, and so are `true` and `1`. How a
string was encoded is not content: Unicode form and line ends are levelled for
comparing, and kept as written.
"""

import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

type Value = object
"""A JSON value, `MISSING`, or (only in a base) an `Unsettled`."""

type Document = Mapping[str, Value]


class Missing(Enum):
    """The type of `MISSING`, which stands for "there is no such field"."""

    MISSING = "missing"

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing.MISSING


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A base value on which the merge bases themselves disagree.

    It stands in a virtual base where a value would stand. Whoever merges over it
    has, on each side, already answered the inner conflict, so the rule is short:
    sides that agree are clean, and sides that differ are a conflict, even where
    one of them holds a candidate. "Unchanged since the base" has no meaning when
    the base is two things, and neither answer may win unseen.

    `inner` is an opaque finer account of the disagreement (for prose, the merged
    text with its open hunks), so that the settled rest of a value still counts.
    """

    candidates: tuple[Value, ...]
    inner: object = None


def form(text: str) -> str:
    """The text as it is compared: in NFC, with every line ending in a newline."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def same(a: Value, b: Value) -> bool:
    """Whether two values say the same thing."""
    if a is b:
        return True
    if isinstance(a, str) and isinstance(b, str):
        return a == b or form(a) == form(b)
    if isinstance(a, bool) or isinstance(b, bool):
        return False  # True and True are one object; True and 1 are two values
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return a == b
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and a == b


def levelled(value: Value) -> Value:
    """The value with every string in its comparable form."""
    if isinstance(value, str):
        return form(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [levelled(item) for item in value]
    if isinstance(value, Mapping):
        return {key: levelled(item) for key, item in value.items()}
    return value


def identity_of(value: Value) -> str:
    """A string that two values share exactly when they are the same; also orders them."""
    return json.dumps(levelled(value), ensure_ascii=False, sort_keys=True, default=repr)


@dataclass(frozen=True, slots=True)
class Settled:
    """The answer of a three-way comparison that has one."""

    value: Value


def settle(
    base: Value,
    ours: Value,
    theirs: Value,
    alike: Callable[[Value, Value], bool] = same,
) -> Settled | None:
    """The rule under every other: who changed it, wins; who agree, agree.

    Exact equality is asked first, so that a side which only changed how a value
    is written keeps its writing where the other side did nothing at all.
    """
    if identical(ours, theirs):
        return Settled(ours)
    if not isinstance(base, Unsettled):
        if identical(ours, base):
            return Settled(theirs)
        if identical(theirs, base):
            return Settled(ours)
    if alike(ours, theirs):
        return Settled(plainest((ours, theirs)))
    if not isinstance(base, Unsettled):
        if alike(ours, base):
            return Settled(theirs)
        if alike(theirs, base):
            return Settled(ours)
    return None


def identical(a: Value, b: Value) -> bool:
    """Whether two values are written alike, to the code point."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(identical(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(identical, a, b))
    return a == b


def plainest(values: Sequence[Value]) -> Value:
    """One of several writings of the same value, whoever wrote it.

    The choice must not depend on the order: a merge is the same from both sides.
    """
    return min(values, key=lambda value: (not same_text(value), len(repr(value)), repr(value)))


def same_text(value: Value) -> bool:
    """Whether the value is already written in its comparable form."""
    return identical(value, levelled(value))
