"""The kinds of fields, and what each promises about merging.

A kind is a word, or for an ordered list a mapping that also names what identifies an
item and the kinds of the item's fields. A field without a kind is a scalar.
"""

from collections.abc import Mapping
from typing import Final, Literal, NotRequired, TypedDict, cast, get_args

type PlainKind = Literal[
    "scalar",  # one value
    "number",  # one value: two corrections are not added up
    "text",  # prose: by line, then by word
    "set",  # by element, without order
    "map",  # by key, and so into maps within; any other value is one value
    "array",  # one value: elements without identity can't be followed
    "reference",  # one value; in a site, checked to lead somewhere
    "slug",  # one value; in a site, unique
    "unique",  # one value; in a site, unique (nulls are not equal)
    "quantity",  # one value, though it has a figure and a unit
    "coordinates",  # one value, though it has two figures
    "partial_date",  # one value; the more exact of two agreeing ones counts
    "latest",  # one value that every edit moves on; the later one counts
    "counter",  # both sides' steps add up
    "derived",  # never merged: recomputed
]


class ListKind(TypedDict):
    """An ordered list whose items have an identity."""

    kind: Literal["list"]
    identity: str
    item: NotRequired[Mapping[str, "Kind"]]


type Kind = PlainKind | ListKind
type Kinds = Mapping[str, Kind]

PLAIN_KINDS: Final = frozenset(get_args(PlainKind.__value__))


def kinds_from_json(value: object) -> Kinds:
    """The kinds of a document as they came from outside. Raises ValueError with a sentence."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError("The kinds are not an object of field names and kinds.")
    for name, kind in value.items():
        if isinstance(kind, Mapping):
            if kind.get("kind") != "list" or not isinstance(kind.get("identity"), str):
                raise ValueError(
                    f"The kind of {name!r} is an object, but not a list with an identity."
                )
            kinds_from_json(kind.get("item"))
        elif not isinstance(kind, str) or kind not in PLAIN_KINDS:
            raise ValueError(f"The kind of {name!r} is not a known one: {kind!r}.")
    return cast(Kinds, value)
