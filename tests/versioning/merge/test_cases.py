"""Every document and site of the catalogue, as it stands and mirrored."""

from typing import Any

import pytest

from tests.versioning.merge.catalogue import comparable, merge_cases
from versioning.merge import Conflict, merge_document, merge_site

both_ways = pytest.mark.parametrize("mirrored", [False, True], ids=["", "mirrored"])
cases = pytest.mark.parametrize("case", merge_cases(), ids=lambda case: case["id"])

MERGED_ENTIRELY = {"mc-009"}
"""Where the catalogue asks, and lets a merge that asks nothing pass."""


def merged(case: Any, *, mirrored: bool) -> tuple[Any, tuple[Conflict, ...]]:
    ours, theirs = (case["theirs"], case["ours"]) if mirrored else (case["ours"], case["theirs"])
    if case["kind"].startswith("site:"):
        site = merge_site(case["kinds"], case["base"], ours, theirs)
        return site.site, site.conflicts
    merge = merge_document(case["kinds"], case["base"], ours, theirs)
    return merge.document, merge.conflicts


def outcomes(case: Any) -> list[Any]:
    return [case["expect"], *case.get("also_ok", [])]


@both_ways
@cases
def test_a_case_ends_as_the_catalogue_says(case: Any, mirrored: bool) -> None:
    document, conflicts = merged(case, mirrored=mirrored)
    asked = {(conflict.path, conflict.type) for conflict in conflicts}
    if not conflicts:
        found = comparable(document, case["kinds"])
        right = [
            comparable(each["clean"], case["kinds"]) for each in outcomes(case) if "clean" in each
        ]
        assert found in right
        return
    expected = [each for each in outcomes(case) if "conflict" in each]
    assert asked in [{(each["path"], each["type"]) for each in one["conflict"]} for one in expected]


@both_ways
@pytest.mark.parametrize(
    "case",
    [case for case in merge_cases() if "rest" in case["expect"]],
    ids=lambda case: case["id"],
)
def test_what_is_merged_beside_a_conflict_is_the_rest(case: Any, mirrored: bool) -> None:
    document, conflicts = merged(case, mirrored=mirrored)
    assert bool(conflicts) == (case["id"] not in MERGED_ENTIRELY)
    if conflicts:
        rest = comparable(case["expect"]["rest"], case["kinds"])
        assert comparable(document, case["kinds"]) == rest


@both_ways
@pytest.mark.parametrize(
    "case", [case for case in merge_cases() if "never" in case], ids=lambda case: case["id"]
)
def test_what_must_never_come_out_does_not(case: Any, mirrored: bool) -> None:
    document, conflicts = merged(case, mirrored=mirrored)
    assert conflicts or document not in case["never"]
