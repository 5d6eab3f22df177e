import random
import time

import pytest

from versioning.merge import diff_lines, diff_words
from versioning.merge.matching import Change, changes, matching_blocks


def test_what_is_equal_is_found() -> None:
    assert changes("abcdef", "abXdef") == [Change(2, 3, 2, 3)]
    assert changes("", "ab") == [Change(0, 0, 0, 2)]
    assert changes("same", "same") == []


def test_repeated_tokens_are_matched_by_the_shortest_edit() -> None:
    blocks = matching_blocks("aabbaabb", "abbaabba")
    assert sum(block.size for block in blocks) == 7


def test_an_insertion_that_could_stand_in_two_places_stands_in_the_later() -> None:
    assert changes(["A", "", "B"], ["A", "", "X", "", "B"]) == [Change(2, 2, 2, 4)]


def letters(count: int, seed: int) -> str:
    rng = random.Random(seed)
    return "".join(rng.choice("ab") + "\n" for _ in range(count))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param(letters(500_000, 1), letters(500_000, 2), id="two letters, at random"),
        pytest.param(
            "".join(f"a{at}\n" for at in range(140_000)),
            "".join(f"b{at}\n" for at in range(140_000)),
            id="nothing in common",
        ),
        pytest.param(
            "".join(f"{at}\n" for at in range(140_000)),
            "".join(f"{at}\n" for at in reversed(range(140_000))),
            id="upside down",
        ),
        pytest.param("\n" * 1_000_000, "\n" * 500_000, id="blank lines"),
    ],
)
def test_a_megabyte_of_lines_is_compared_in_time(a: str, b: str) -> None:
    began = time.perf_counter()
    hunks = diff_lines(a, b)
    assert time.perf_counter() - began < 5  # a second or two; more on a busy machine
    assert "".join(hunk.old for hunk in hunks) == a
    assert "".join(hunk.new for hunk in hunks) == b


@pytest.mark.slow
@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("a " * 150_000, " b" * 150_000),
        ("x" * 300_000, "y" * 300_000),
        ("東" * 300_000, "京東" * 150_000),
    ],
    ids=["words", "one word", "ideographs"],
)
def test_one_long_line_is_compared_in_time(a: str, b: str) -> None:
    began = time.perf_counter()
    diff_words(a, b)
    assert time.perf_counter() - began < 5
