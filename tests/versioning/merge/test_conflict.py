import pytest

from versioning.merge import MISSING, Conflict, Merge, Unsettled, join_path, split_path


@pytest.mark.parametrize(
    "path", [(), ("name",), ("extra", "k"), ("extra", "a.b"), ("e", "\\"), ("", ""), ("x", "\\.")]
)
def test_a_path_comes_apart_as_it_was_put_together(path: tuple[str, ...]) -> None:
    assert split_path(join_path(path)) == path


def test_missing_and_null_are_two_things_in_json_too() -> None:
    conflict = Conflict("name", "changed_deleted", base=None, ours=MISSING, theirs="x")
    assert conflict.as_dict() == {
        "path": "name", "type": "changed_deleted", "base": None, "theirs": "x", "confidence": 0.0
    }  # fmt: skip


def test_an_unsettled_base_shows_its_candidates() -> None:
    conflict = Conflict("h", "both_changed", base=Unsettled((62, MISSING)), ours=1, theirs=2)
    assert conflict.as_dict()["base"] == {"$unsettled": [62]}


def test_the_other_side_sees_the_same_conflict_mirrored() -> None:
    merge = Merge({}, (Conflict("a", "both_changed", 1, 2, 3),))
    assert merge.swapped() == Merge({}, (Conflict("a", "both_changed", 1, 3, 2),))
    assert not merge.is_clean


def test_a_conflict_within_an_entity_names_it() -> None:
    assert Conflict("slug", "unique").within("ride:1").path == "ride:1.slug"
    assert Conflict("", "changed_deleted").within("ride:1").path == "ride:1"
