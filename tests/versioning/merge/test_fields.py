"""Fields by kind, where the catalogue leaves something to say."""

from typing import Any

import pytest

from versioning.merge import MISSING, Merge, kinds_from_json, merge_document


def merge(kind: Any, base: Any, ours: Any, theirs: Any) -> Merge:
    documents = ({} if value is MISSING else {"f": value} for value in (base, ours, theirs))
    return merge_document({"f": kind}, *documents)


def test_a_field_that_one_side_removed_and_the_other_changed_is_asked() -> None:
    (conflict,) = merge("scalar", 1, MISSING, 2).conflicts
    assert (conflict.type, conflict.ours, conflict.theirs) == ("changed_deleted", MISSING, 2)
    assert conflict.suggestion == 2


def test_a_field_set_to_null_is_not_a_field_removed() -> None:
    assert merge("scalar", 1, None, 1).document == {"f": None}
    assert merge("scalar", 1, MISSING, 1).document == {}


def test_a_counter_adds_what_both_counted() -> None:
    assert merge("counter", 2, 5, 4).document == {"f": 7}
    assert merge("counter", 2, 3, 3).document == {"f": 4}
    assert not merge("counter", None, 3, 4).is_clean


def test_a_set_without_a_base_is_the_union() -> None:
    assert merge("set", MISSING, ["b", "a"], ["c", "a"]).document == {"f": ["a", "b", "c"]}
    assert merge("set", None, ["a"], ["b"]).document == {"f": ["a", "b"]}


def test_a_set_holds_an_element_once_in_any_writing() -> None:
    merged = merge("set", [], ["caf\u00e9", "x"], ["cafe\u0301", "y"])
    assert merged.document == {"f": ["caf\u00e9", "x", "y"]}


def test_a_set_that_one_side_made_null_and_the_other_changed_is_asked() -> None:
    assert not merge("set", ["a"], None, ["a", "b"]).is_clean


def test_a_figure_with_its_unit_is_one_value_of_a_map() -> None:
    base = {"k": {"value": 62, "unit": "m"}}
    ours, theirs = {"k": {"value": 203, "unit": "ft"}}, {"k": {"value": 63, "unit": "m"}}
    (conflict,) = merge("map", base, ours, theirs).conflicts
    assert conflict.path == "f.k"


def test_erased_content_is_no_map_of_keys() -> None:
    erased = {"$erased": True}
    assert merge("map", erased, erased, {"a": 1}).document == {"f": {"a": 1}}
    assert [each.path for each in merge("map", {"a": 1}, erased, {"a": 2}).conflicts] == ["f"]


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        ("1999", "1999-05", "1999-05-14", "1999-05-14"),
        ("1999", "1999-05", "1999-06", None),
        ("1999", "2000", "2000-05", None),
        (None, "1999", "1999-05", None),
        ("1999", "1999~", "1999-05", None),
    ],
)
def test_the_more_exact_date_counts_only_where_both_made_it_more_exact(
    base: str | None, ours: str, theirs: str, merged: str | None
) -> None:
    assert merge("partial_date", base, ours, theirs).document == ({"f": merged} if merged else {})


def test_where_two_dates_agree_the_more_exact_is_suggested() -> None:
    (conflict,) = merge("partial_date", None, "1999", "1999-05").conflicts
    assert conflict.suggestion == "1999-05"


def test_a_correction_is_suggested_over_a_conversion() -> None:
    metres, feet, more = ({"value": v, "unit": u} for v, u in ((62, "m"), (203.4, "ft"), (63, "m")))
    (conflict,) = merge("quantity", metres, feet, more).conflicts
    assert conflict.suggestion == more
    (conflict,) = merge("quantity", metres, feet, {"value": 70, "unit": "furlong"}).conflicts
    assert conflict.suggestion == {"value": 70, "unit": "furlong"}
    (conflict,) = merge("quantity", metres, more, {"value": 64, "unit": "m"}).conflicts
    assert conflict.suggestion is MISSING


def test_two_additions_to_a_text_are_suggested_together() -> None:
    (conflict,) = merge("text", "A.\n", "A.\n\nB.\n", "A.\n\nC.\n").conflicts
    assert conflict.suggestion == "A.\n\nB.\n\nC.\n"


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "both"),
    [
        ("", "One.\n\nTwo.", "Three.", "One.\n\nTwo.\n\nThree."),
        ("A.", "A.\n\nB.", "A.\n\nC.", "A.\n\nB.\n\nC."),
        ("- a", "- a\n- b", "- a\n- c", "- a\n- b\n- c"),
        ("- a\n- z\n", "- a\n- b\n- z\n", "- a\n- c\n- z\n", "- a\n- b\n- c\n- z\n"),
    ],
)
def test_additions_that_are_both_kept_stay_paragraphs(
    base: str, ours: str, theirs: str, both: str
) -> None:
    for sides in ((ours, theirs), (theirs, ours)):
        (conflict,) = merge("text", base, *sides).conflicts
        assert conflict.suggestion == both


def test_a_text_that_is_no_string_is_one_value() -> None:
    assert not merge("text", "a", 1, "b").is_clean
    assert merge("text", None, None, "b").document == {"f": "b"}


def test_derived_fields_are_left_out() -> None:
    assert merge("derived", 1, 2, 3) == Merge({})


@pytest.mark.parametrize(
    "kinds",
    [
        [],
        {"f": "sclar"},
        {"f": {"kind": "list"}},
        {"f": {"kind": "list", "identity": "id", "item": {"x": "?"}}},
    ],
)
def test_unknown_kinds_are_refused_with_a_sentence(kinds: Any) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        kinds_from_json(kinds)


def test_maps_in_maps_are_merged_to_any_depth() -> None:
    base: Any = {"a": {"b": {"c": 1, "d": 1}, "e": 1}}
    ours: Any = {"a": {"b": {"c": 2, "d": 1}, "e": 1, "new": {"x": 1}}}
    theirs: Any = {"a": {"b": {"c": 1, "d": 3}, "e": 1, "new": {"y": 2}}}
    merged = merge("map", base, ours, theirs)
    assert merged.document == {"f": {"a": {"b": {"c": 2, "d": 3}, "e": 1, "new": {"x": 1, "y": 2}}}}
    theirs["a"]["b"]["c"] = 4
    merged = merge("map", base, ours, theirs)
    (asked,) = merged.conflicts
    assert (asked.path, asked.base, asked.ours, asked.theirs) == ("f.a.b.c", 1, 2, 4)
    assert merged.document == {"f": {"a": {"b": {"d": 3}, "e": 1, "new": {"x": 1, "y": 2}}}}


def test_a_map_that_one_side_made_something_else_is_one_value() -> None:
    (asked,) = merge("map", {"a": {"b": 1}}, {"a": {"b": 2}}, {"a": 3}).conflicts
    assert (asked.path, asked.ours, asked.theirs) == ("f.a", {"b": 2}, 3)
