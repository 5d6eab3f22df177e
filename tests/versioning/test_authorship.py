"""Stretches of a text keep whoever brought them, from version to version, by line or by word."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from versioning import authorship
from versioning.authorship import Authorship, Comparison, Stretch, by_words
from versioning.merge import diff_lines

WORDS = st.lists(st.sampled_from(["one", "two", " ", "\n", "\r\n", "ü", "**"]), max_size=12)
TEXTS = st.lists(WORDS.map("".join), min_size=1, max_size=5)


def written(texts: list[str], compare: Comparison) -> Authorship:
    """The last of some texts, each brought by its number."""
    found = Authorship([Stretch(texts[0], 0)])
    for number, (before, after) in enumerate(pairwise(texts), 1):
        found = found.rewritten(compare(before, after), number)
    return found


def told(found: Authorship) -> list[tuple[str, int]]:
    return [(each.value, each.by) for each in found.stretches]


def test_words_stay_their_writers() -> None:
    texts = [
        "It flies high.\nIt lands.\n",
        "It dives high.\nIt lands.\n",
        "It dives very high.\nIt lands.\n",
    ]
    assert told(written(texts, by_words())) == [
        ("It ", 0), ("dives", 1), (" ", 0), ("very ", 2), ("high.\nIt lands.\n", 0),
    ]  # fmt: skip
    assert told(written(texts, diff_lines)) == [
        ("It dives very high.\n", 2), ("It lands.\n", 0),
    ]  # fmt: skip


def test_lines_that_are_long_are_told_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authorship, "LONGEST_REPLACED", 30)
    texts = ["It flies.\nUp\n", "It dives.\nUp\n", "It dives a good deal higher.\nUp\n"]
    assert told(written(texts, by_words())) == [("It dives a good deal higher.\n", 2), ("Up\n", 0)]


def test_not_more_is_compared_by_words_than_is_bearable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authorship, "MOST_REPLACED", 20)
    texts = ["It flies.\n", "It dives.\n", "It lands.\n"]
    assert told(written(texts, by_words())) == [("It lands.\n", 2)]


@given(texts=TEXTS)
def test_stretches_are_the_text_and_stood_where_they_say(texts: list[str]) -> None:
    for compare in (by_words(), diff_lines):
        found = written(texts, compare)
        assert "".join(each.value for each in found.stretches) == texts[-1]
        for each in found.stretches:
            assert texts[each.by][each.at : each.at + len(each.value)] == each.value


@given(texts=TEXTS, start=st.integers(0, 20), length=st.integers(0, 20))
def test_a_part_is_a_part(texts: list[str], start: int, length: int) -> None:
    found = written(texts, by_words())
    part = found.part(start, start + length)
    assert "".join(each.value for each in part) == texts[-1][start : start + length]
