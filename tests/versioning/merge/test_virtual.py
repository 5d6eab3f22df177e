"""Criss-cross histories: bases of bases."""

from typing import Any

from versioning.merge import MISSING, TextMerge, Unsettled, merge_document, virtual_base

KINDS: Any = {
    "height": "number",
    "body": "text",
    "extra": "map",
    "credits": {"kind": "list", "identity": "id", "item": {"name": "scalar"}},
}


def test_bases_that_merge_cleanly_are_one_base() -> None:
    base = virtual_base(
        KINDS, [{"height": 1, "name": "B"}, {"height": 2, "name": "A"}], {"height": 1, "name": "A"}
    )
    assert base == {"height": 2, "name": "B"}


def test_what_the_bases_disagree_on_is_unsettled_where_it_stands() -> None:
    base = virtual_base(
        KINDS,
        [
            {"height": 62, "extra": {"k": 1, "m": 0}, "credits": [{"id": "a", "name": "A"}]},
            {"height": 63, "extra": {"k": 2, "m": 0}, "credits": [{"id": "a", "name": "B"}]},
        ],
    )
    assert base == {
        "height": Unsettled((62, 63)),
        "extra": {"k": Unsettled((1, 2)), "m": 0},
        "credits": [{"id": "a", "name": Unsettled(("A", "B"))}],
    }


def test_over_a_virtual_base_the_settled_rest_still_counts() -> None:
    base = virtual_base(KINDS, [{"height": 62, "name": "A"}, {"height": 63, "name": "A"}])
    merge = merge_document(KINDS, base, {"height": 64, "name": "B"}, {"height": 64, "name": "A"})
    assert merge.document == {"height": 64, "name": "B"}
    assert merge.is_clean


def test_a_text_keeps_its_settled_lines() -> None:
    before = {"body": "a b c d\n\nq\n\nm n o p\n"}
    bases = [{"body": "a b c d\n\nx\n\nm n o p\n"}, {"body": "a b c d\n\ny\n\nm n o p\n"}]
    base: Any = virtual_base(KINDS, bases, before)
    assert isinstance(base["body"].inner, TextMerge)
    ours, theirs = {"body": "a B c d\n\nz\n\nm n o p\n"}, {"body": "a b c d\n\nz\n\nm n O p\n"}
    assert merge_document(KINDS, base, ours, theirs).document == {
        "body": "a B c d\n\nz\n\nm n O p\n"
    }


def test_a_deletion_and_an_edit_that_were_settled_differently_are_asked_again() -> None:
    """mc-129: neither resolution wins silently."""
    base = virtual_base(KINDS, [{"height": 63}, None], {"height": 62})
    assert base == Unsettled(({"height": 63}, MISSING))
    (conflict,) = merge_document(KINDS, base, {"height": 63}, None).conflicts
    assert (conflict.path, conflict.type) == ("", "changed_deleted")
    assert merge_document(KINDS, base, None, None).is_clean
    assert merge_document(KINDS, base, {"height": 63}, {"height": 63}).document == {"height": 63}


def test_three_bases_list_every_candidate_once() -> None:
    base = virtual_base(KINDS, [{"height": 1}, {"height": 2}, {"height": 3}, {"height": 2}])
    assert base == {"height": Unsettled((1, 2, 3))}


def test_one_base_is_itself_and_none_is_none() -> None:
    assert virtual_base(KINDS, [{"height": 1}]) == {"height": 1}
    assert virtual_base(KINDS, [None, None]) is None
