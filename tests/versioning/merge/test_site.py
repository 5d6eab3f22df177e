"""A merged site: documents first, then what only the whole shows."""

from dataclasses import replace
from typing import Any

from versioning.merge import Redirect, Rules, SiteMerge, check_site, merge_site
from versioning.merge.checks import Sides, check_cycles, check_references, check_unique

KINDS: Any = {"slug": "slug", "park": "reference", "parent": "reference"}


def asked(merge: SiteMerge) -> list[tuple[str, str]]:
    return sorted((conflict.path, conflict.type) for conflict in merge.conflicts)


def test_one_slug_taken_on_both_sides_is_asked_about_at_both() -> None:
    merge = merge_site(KINDS, {}, {"ride:1": {"slug": "a"}}, {"ride:2": {"slug": "a"}})
    assert asked(merge) == [("ride:1.slug", "unique"), ("ride:2.slug", "unique")]
    assert merge.site == {"ride:1": {}, "ride:2": {}}
    assert "ride:2" in merge.conflicts[0].detail


def test_only_who_took_the_slug_is_asked() -> None:
    base = {"ride:1": {"slug": "a"}}
    merge = merge_site(KINDS, base, base, {**base, "ride:2": {"slug": "a"}})
    assert asked(merge) == [("ride:2.slug", "unique")]


def test_unique_may_mean_within_a_kind_of_entity() -> None:
    rules = Rules(unique_scope=lambda entity, field: (entity.split(":")[0], field))
    merge = merge_site(KINDS, {}, {"ride:1": {"slug": "a"}}, {"park:1": {"slug": "a"}}, rules)
    assert merge.is_clean


def test_a_ride_added_to_a_deleted_park_is_asked_about() -> None:
    base = {"park:1": {"slug": "p"}}
    merge = merge_site(KINDS, base, {}, {**base, "ride:1": {"slug": "r", "park": "park:1"}})
    assert asked(merge) == [("ride:1.park", "dangling_reference")]
    assert merge.site == {"ride:1": {"slug": "r"}}


def test_a_reference_to_what_lies_outside_is_taken_on_trust() -> None:
    theirs = {"ride:1": {"park": "park:9"}}
    assert merge_site(KINDS, {}, {}, theirs).is_clean
    assert not merge_site(KINDS, {}, {}, theirs, Rules(exists=lambda _: False)).is_clean


def test_a_reference_within_a_list_is_followed_too() -> None:
    kinds: Any = {"credits": {"kind": "list", "identity": "id", "item": {"company": "reference"}}}
    base = {"company:1": {"name": "A"}}
    theirs: Any = {**base, "ride:1": {"credits": [{"id": 1, "company": "company:1"}]}}
    merge = merge_site(kinds, base, {}, theirs)
    assert asked(merge) == [("ride:1.credits.1.company", "dangling_reference")]
    assert merge.site == {"ride:1": {"credits": [{"id": 1}]}}


def test_an_entity_that_waits_for_an_answer_may_yet_be_there() -> None:
    base = {"park:1": {"slug": "p"}}
    ours = {"park:1": {"slug": "q"}, "ride:1": {"park": "park:1"}}
    assert asked(merge_site(KINDS, base, ours, {})) == [("park:1", "changed_deleted")]


def test_what_was_wrong_before_is_not_the_merge_s() -> None:
    base = {"area:1": {"parent": "area:1", "slug": "a"}, "area:2": {"slug": "a"}}
    assert merge_site(KINDS, base, base, {**base, "area:3": {"slug": "c"}}).is_clean


def test_a_reference_is_led_on_where_its_writer_could_not_know_of_the_union() -> None:
    base: Any = {"park:1": {"name": "A"}, "park:2": {"name": "B"}}
    ours: Any = {"park:1": {"$merged_into": "park:2"}, "park:2": {"name": "B"}}
    merge = merge_site(KINDS, base, ours, {**base, "ride:1": {"park": "park:1"}})
    assert merge.site["ride:1"] == {"park": "park:2"}
    assert merge.redirected == (Redirect("ride:1.park", "park:1", "park:2"),)


def test_a_reference_left_so_by_who_knew_of_the_union_stays() -> None:
    base: Any = {"park:1": {"name": "A"}, "park:2": {"name": "B"}}
    ours: Any = {
        "park:1": {"$merged_into": "park:2"}, "park:2": {"name": "B"}, "ride:1": {"park": "park:1"}
    }  # fmt: skip
    assert merge_site(KINDS, base, ours, base).site == ours


def test_the_model_s_own_validation_is_asked_of_what_is_settled() -> None:
    rules = Rules(invalid=lambda _, document: ["A ride needs a park."] * ("park" not in document))
    merge = merge_site(KINDS, {}, {"ride:1": {"slug": "a"}}, {}, rules)
    assert asked(merge) == [("ride:1", "invalid")]
    assert merge.conflicts[0].detail == "A ride needs a park."
    assert merge.site == {"ride:1": {"slug": "a"}}


def test_kinds_may_depend_on_the_entity() -> None:
    def both(number: int) -> Any:
        return {"ride:1": {"n": number}, "park:1": {"n": number}}

    def kinds(entity: str) -> Any:
        return {"n": "counter" if entity.startswith("ride") else "number"}

    merge = merge_site(kinds, both(1), both(2), both(3))
    assert merge.site["ride:1"] == {"n": 4}
    assert asked(merge) == [("park:1.n", "both_changed")]


def test_checks_say_which_side_made_what_they_found() -> None:
    base: Any = {"a": {"parent": None, "slug": "x"}, "b": {"parent": None, "slug": "y"}}
    ours: Any = {"a": {"parent": "b", "slug": "x"}, "b": {"parent": None, "slug": "x"}}
    theirs: Any = {"a": {"parent": None, "slug": "x"}, "b": {"parent": "a", "slug": "y"}}
    merged: Any = {"a": {"parent": "b", "slug": "x"}, "b": {"parent": "a", "slug": "x"}}
    sides = Sides(base, ours, theirs)
    cycles = {each.full_path: each.made_by for each in check_cycles(lambda _: KINDS, merged, sides)}
    assert cycles == {"a.parent": {"ours"}, "b.parent": {"theirs"}}
    unique = {each.full_path: each.made_by for each in check_unique(lambda _: KINDS, merged, sides)}
    assert unique == {"a.slug": set(), "b.slug": {"ours"}}
    gone: Any = {"a": {"parent": "b"}}
    (found,) = check_references(lambda _: KINDS, gone, Sides(base, ours, {"a": base["a"]}))
    assert found.made_by == {"ours", "theirs"}


def test_what_the_sound_side_has_by_itself_is_no_question() -> None:
    base: Any = {"a": {"parent": None}, "b": {"parent": None}, "c": {"parent": None}}
    ours: Any = {"a": {"parent": "b"}, "b": {"parent": "a"}, "c": {"parent": "d"}}
    sound = Sides(base, ours, base, sound="ours")
    assert not list(check_site(lambda _: KINDS, ours, sound, Rules(exists=lambda _: False)))
    asked = list(check_site(lambda _: KINDS, ours, replace(sound, sound="theirs"), Rules()))
    assert [(each.full_path, each.type) for each in asked] == [
        ("a.parent", "cycle"),
        ("b.parent", "cycle"),
    ]


def test_checks_need_no_sides() -> None:
    site: Any = {"a": {"parent": "b"}, "b": {"parent": "a"}, "c": {"parent": "a"}}
    assert [each.full_path for each in check_cycles(lambda _: KINDS, site)] == [
        "a.parent",
        "b.parent",
    ]
