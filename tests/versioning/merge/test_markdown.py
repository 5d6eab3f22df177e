"""What counts as a fault of structure, and what does not."""

import pytest

from versioning.merge.markdown import faults, has_conflict_markers, new_faults


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("**The **red** train** left\n", {"emphasis left open": 2}),
        ("**left open\n", {"emphasis left open": 1}),
        ("a `code span\n", {"code left open": 1}),
        ("a ``code` span\n", {"code left open": 1}),
        ("see [this](/there\n", {"link broken": 1, "parenthesis left open": 1}),
        ("see [this\n", {"bracket left open": 1}),
        ("(as said\n", {"parenthesis left open": 1}),
        ("| a | b |\n|---|---|\n| 1 |\n", {"row of another width": 1}),
        ("1. a\n2. b\n2. c\n", {"number given twice": 1}),
        ("```\ncode\n", {"code block left open": 1}),
        ("---\ntitle: a\ntitle: b\n---\n", {"front matter key given twice": 1}),
        ("[x]: /a\n[X]: /b\n", {"link defined twice": 1}),
    ],
)
def test_a_fault_is_found(text: str, found: dict[str, int]) -> None:
    assert faults(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "**The red** train *left* the __station__, ~~late~~.\n",
        "* a\n* b **c**\n",
        "`a ** b` and ``c ` d``\n",
        "snake__case__name and 2 * 3 * 4\n",
        'see [this](/there_(x) "a title") and \\[not this\n',
        "| a | b |\n|---|---|\n| `x|y` | 2 |\n",
        "1. a\n1. b\n1. c\n",
        "```\n**[(\n```\n",
        "---\ntitle: a\nslug: b\n---\n",
    ],
)
def test_good_text_has_none(text: str) -> None:
    assert not faults(text)


def test_a_fault_that_a_side_had_is_not_the_merge_s() -> None:
    assert not new_faults("**a", ("**a", "b"))
    assert new_faults("**a **b", ("**a", "b"))


def test_markers_are_those_of_a_saved_conflict() -> None:
    assert has_conflict_markers("a\n<<<<<<< HEAD\nb\n")
    assert not has_conflict_markers("a <<<<<<< HEAD\n=======\n")
