import pytest

from versioning.merge import Labels, OpenHunk, SettledText, TextMerge
from versioning.merge.prose import Part, parts_joined

MERGE = TextMerge((SettledText("a\n"), OpenHunk("b\n", "c\n", ""), SettledText("d")))


def test_markers_are_git_s() -> None:
    assert MERGE.marked(Labels(ours="main", theirs="spring")) == (
        "a\n<<<<<<< main\nc\n||||||| base\nb\n=======\n>>>>>>> spring\nd"
    )


def test_markers_stand_on_lines_of_their_own() -> None:
    merge = TextMerge((OpenHunk("", "x", "y"),))
    assert merge.marked() == "<<<<<<< ours\nx\n||||||| base\n=======\ny\n>>>>>>> theirs\n"


def test_every_hunk_wants_an_answer() -> None:
    assert MERGE.resolved(["e"]) == "a\ne\nd"
    with pytest.raises(ValueError, match="1 open hunks, and 0 answers"):
        MERGE.resolved([])


def test_parts_by_words_are_put_together_as_they_are() -> None:
    merge = TextMerge(
        (SettledText("in "), OpenHunk("1", "2", "3"), SettledText(".")), by_lines=False
    )
    assert merge.resolved(["2"]) == "in 2."


def test_settled_parts_that_touch_are_one() -> None:
    parts: list[Part] = [SettledText("a"), SettledText(""), SettledText("b"), OpenHunk("", "", "x")]
    assert parts_joined(parts) == (SettledText("ab"), OpenHunk("", "", "x"))


def test_the_other_side_sees_the_same_questions_mirrored() -> None:
    assert MERGE.swapped().open_hunks == (OpenHunk("b\n", "", "c\n"),)
    assert MERGE.swapped().swapped() == MERGE
