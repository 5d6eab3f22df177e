"""Ordered lists with identity: who, what, and in which order."""

from typing import Any

import pytest

from versioning.merge import Merge, merge_document

KINDS: Any = {"l": {"kind": "list", "identity": "id", "item": {"name": "scalar"}}}


def items(ids: str) -> list[Any]:
    return [{"id": each} for each in ids]


def merge(base: str, ours: str, theirs: str) -> Merge:
    return merge_document(KINDS, {"l": items(base)}, {"l": items(ours)}, {"l": items(theirs)})


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        ("abc", "abXc", "abcY", "abXcY"),
        ("abc", "abXc", "abYc", "abXYc"),
        ("abcd", "bacd", "abdc", "badc"),
        ("abc", "abcX", "cab", "cabX"),
        ("abc", "Xabc", "cab", "Xcab"),
        ("abc", "c", "abcd", "cd"),
        ("abcde", "eabcd", "abcd", "abcd"),
        ("", "ab", "bc", "abc"),
        ("ab", "ba", "ba", "ba"),
    ],
)
@pytest.mark.parametrize("mirrored", [False, True], ids=["", "mirrored"])
def test_orders_that_agree_are_one(
    base: str, ours: str, theirs: str, merged: str, mirrored: bool
) -> None:
    sides = (theirs, ours) if mirrored else (ours, theirs)
    assert merge(base, *sides).document == {"l": items(merged)}


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        ("abc", "acb", "bac"),
        ("abc", "cab", "bca"),
        ("abc", "aXYbc", "aYXbc"),
        ("abc", "aXbc", "abXc"),
    ],
)
def test_an_item_that_both_moved_apart_is_asked_about(base: str, ours: str, theirs: str) -> None:
    (conflict,) = merge(base, ours, theirs).conflicts
    assert (conflict.path, conflict.type) == ("l", "moved_both")


def test_whoever_picks_an_order_keeps_the_other_side_s_edits() -> None:
    base, ours, theirs = items("abc"), items("acb"), items("bac")
    theirs[0]["name"] = "B"
    (conflict,) = merge_document(KINDS, {"l": base}, {"l": ours}, {"l": theirs}).conflicts
    assert conflict.ours == [{"id": "a"}, {"id": "c"}, {"id": "b", "name": "B"}]


def test_an_item_that_both_added_is_merged_by_field() -> None:
    sides: Any = ({"l": []}, {"l": [{"id": 1, "name": "A"}]}, {"l": [{"id": 1, "name": "B"}]})
    result = merge_document(KINDS, *sides)
    assert result.document == {"l": [{"id": 1}]}
    assert [(each.path, each.type) for each in result.conflicts] == [("l.1.name", "add_add")]


@pytest.mark.parametrize("odd", [[{"name": "A"}], [{"id": 1}, {"id": 1}], ["a"], None])
def test_a_list_whose_items_can_t_be_told_apart_is_one_value(odd: Any) -> None:
    result = merge_document(KINDS, {"l": []}, {"l": odd}, {"l": items("a")})
    assert [each.path for each in result.conflicts] == ["l"]
