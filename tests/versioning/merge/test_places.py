from typing import Any

from versioning.merge import MISSING
from versioning.merge.places import put, value_at, values_of

KINDS: Any = {
    "park": "reference",
    "extra": "map",
    "credits": {"kind": "list", "identity": "id", "item": {"company": "reference"}},
}
DOCUMENT: Any = {"park": "p:1", "extra": {"k": 1}, "credits": [{"id": 7, "company": "c:1"}]}


def test_values_of_a_kind_are_found_in_lists_too() -> None:
    assert list(values_of(KINDS, DOCUMENT, frozenset({"reference"}))) == [
        (("park",), "p:1"),
        (("credits", "7", "company"), "c:1"),
    ]


def test_a_path_leads_through_maps_and_items() -> None:
    assert value_at(KINDS, DOCUMENT, ("extra", "k")) == 1
    assert value_at(KINDS, DOCUMENT, ("credits", "7", "company")) == "c:1"
    assert value_at(KINDS, DOCUMENT, ("credits", "8", "company")) is MISSING
    assert value_at(KINDS, None, ("park",)) is MISSING


def test_a_value_is_replaced_taken_out_or_added_and_the_document_stays() -> None:
    before = repr(DOCUMENT)
    assert put(KINDS, DOCUMENT, ("park",), MISSING).keys() == {"extra", "credits"}
    assert put(KINDS, DOCUMENT, ("extra", "k"), 2)["extra"] == {"k": 2}
    assert put(KINDS, DOCUMENT, ("credits", "7", "company"), None)["credits"] == [
        {"id": 7, "company": None}
    ]
    assert put(KINDS, DOCUMENT, ("credits", "7"), MISSING)["credits"] == []
    added: Any = put(KINDS, DOCUMENT, ("credits", "8"), {"id": 8})
    assert added["credits"][1:] == [{"id": 8}]
    assert repr(DOCUMENT) == before
