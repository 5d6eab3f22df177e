"""Whole entities: being there, being gone, and schema versions."""

from typing import Any

import pytest

from versioning.merge import MISSING, Unsettled, merge_document, unchanged

KINDS: Any = {"name": "scalar", "tags": "set", "count": "derived"}


def test_an_unchanged_entity_goes_when_the_other_side_deletes_it() -> None:
    """Derived fields and the order of a set are no one's work."""
    base = {"name": "X", "tags": ["a", "b"], "count": 1}
    same = {"name": "X", "tags": ["b", "a"], "count": 7}
    assert unchanged(KINDS, base, same)
    assert merge_document(KINDS, base, same, None).document is None
    assert merge_document(KINDS, base, same, None).is_clean


def test_a_changed_entity_that_the_other_side_deletes_is_asked_about() -> None:
    merge = merge_document(KINDS, {"name": "X"}, None, {"name": "Y"})
    (conflict,) = merge.conflicts
    assert merge.document is None
    assert (conflict.path, conflict.type, conflict.ours) == ("", "changed_deleted", MISSING)
    assert conflict.suggestion == {"name": "Y"}


def test_gone_on_both_sides_is_gone() -> None:
    assert merge_document(KINDS, {"name": "X"}, None, None).document is None
    assert merge_document(KINDS, None, None, None).is_clean


def test_a_new_entity_is_taken_without_what_is_derived() -> None:
    assert merge_document(KINDS, None, None, {"name": "X", "count": 1}).document == {"name": "X"}


def test_two_halves_that_leave_nothing_are_asked_about() -> None:
    merge = merge_document({}, {"a": 1, "b": 2}, {"a": None, "b": 2}, {"a": 1, "b": None})
    assert [(each.path, each.type) for each in merge.conflicts] == [("", "invalid")]
    assert merge.document == {"a": None, "b": None}


def test_a_side_that_empties_everything_means_it() -> None:
    assert merge_document({}, {"a": 1, "b": 2}, {"a": None, "b": None}, {"a": 1, "b": 2}).is_clean


def test_a_renamed_field_is_followed_where_its_value_shows_the_heir() -> None:
    kinds: Any = {"designer": "scalar"}
    base, ours = {"_v": 1, "architect": "A"}, {"_v": 2, "designer": "A"}
    merge = merge_document(kinds, base, ours, {"_v": 1, "architect": "B"})
    assert merge.document == {"_v": 2, "designer": "B"}


@pytest.mark.parametrize(
    "ours",
    [
        {"_v": 2, "designer": "C"},
        {"_v": 2, "designer": "A", "builder": "A"},
        {"_v": 2},
        {"designer": "A"},
    ],
    ids=["changed too", "two heirs", "dropped", "no version"],
)
def test_a_field_without_a_clear_heir_is_a_question_of_schema(ours: Any) -> None:
    kinds: Any = {"designer": "scalar", "builder": "scalar"}
    merge = merge_document(kinds, {"_v": 1, "architect": "A"}, ours, {"_v": 1, "architect": "B"})
    assert [(each.path, each.type) for each in merge.conflicts] == [("", "schema")]
    assert merge.document is None


def test_a_field_both_of_whose_bases_differ_is_settled_by_agreement_alone() -> None:
    """mc-131, and neither inner answer wins where the sides differ."""
    base = {"height": Unsettled((62, 63))}
    assert merge_document({}, base, {"height": 64}, {"height": 64}).document == {"height": 64}
    assert not merge_document({}, base, {"height": 62}, {"height": 64}).is_clean
