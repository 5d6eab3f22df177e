"""Prose: by lines, by words, and a look at the result."""

import itertools
import time

import pytest

from versioning.merge import OpenHunk, SettledText, TextMerge, merge_text


def hunks(base: str, ours: str, theirs: str) -> list[tuple[str, str, str]]:
    merge = merge_text(base, ours, theirs)
    return [(hunk.base, hunk.ours, hunk.theirs) for hunk in merge.open_hunks]


def test_edits_of_different_paragraphs_are_both_in() -> None:
    merge = merge_text("A.\n\nB.\n\nC.\n", "A!\n\nB.\n\nC.\n", "A.\n\nB.\n\nC!\n")
    assert merge.text == "A!\n\nB.\n\nC!\n"


def test_only_the_hunk_that_clashes_is_asked() -> None:
    merge = merge_text(
        "In 1999.\n\nRed.\n\nEnd.\n", "In 2000.\n\nRed.\n\nEnd.\n", "In 2001.\n\nRed.\n\nThe end.\n"
    )
    assert merge.parts == (
        OpenHunk("In 1999.\n", "In 2000.\n", "In 2001.\n"),
        SettledText("\nRed.\n\nThe end.\n"),
    )
    assert merge.text is None
    assert merge.resolved(["In 2002.\n"]) == "In 2002.\n\nRed.\n\nThe end.\n"


def test_a_paragraph_removed_here_and_edited_there_is_asked() -> None:
    assert hunks(
        "Intro.\n\nThe Meteor.\n\nEnd.\n", "Intro.\n\nEnd.\n", "Intro.\n\nThe Meteorite.\n\nEnd.\n"
    )


def test_a_sentence_removed_and_another_edited_are_both_done() -> None:
    merge = merge_text(
        "One is here. Two is there and so on. Three is far away.\n",
        "One is here. Three is far away.\n",
        "One is here. Two is there and so on. Three is very far away.\n",
    )
    assert merge.text == "One is here. Three is very far away.\n"


def test_a_section_added_below_an_edited_paragraph_is_no_clash() -> None:
    merge = merge_text(
        "A ride of some words here.\n",
        "A ride of many words here.\n",
        "A ride of some words here.\n\n## History\n",
    )
    assert merge.text == "A ride of many words here.\n\n## History\n"


def test_a_last_line_without_an_end_is_not_glued_to_what_follows() -> None:
    assert merge_text("x\n", "x", "x\ny\n").text == "x\ny\n"


LONG = "The long paragraph that both move.\n"


def test_a_paragraph_that_both_moved_apart_does_not_stand_twice() -> None:
    assert hunks(
        f"{LONG}\nAlpha.\n\nBeta.\n\nGamma.\n",
        f"Alpha.\n\n{LONG}\nBeta.\n\nGamma.\n",
        f"Alpha.\n\nBeta.\n\nGamma.\n\n{LONG}",
    ) == [("", f"{LONG}\n", ""), ("", "", f"\n{LONG}")]


def test_a_paragraph_that_one_moved_and_the_other_removed_does_not_come_back_unseen() -> None:
    assert hunks(f"{LONG}\nAlpha.\n\nBeta.\n", f"Alpha.\n\nBeta.\n\n{LONG}", "Alpha.\n\nBeta.\n")


def test_a_table_that_would_be_ragged_is_asked() -> None:
    assert hunks(
        "| Ride | Height |\n|---|---|\n| Comet | 62 |\n",
        "| Ride | Height | Speed |\n|---|---|---|\n| Comet | 62 | 120 |\n",
        "| Ride | Height |\n|---|---|\n| Comet | 62 |\n| Meteor | 40 |\n",
    )


def test_two_first_lines_in_the_same_place_are_asked() -> None:
    assert hunks("", "Ours.\n", "Theirs.\n") == [("", "Ours.\n", "Theirs.\n")]


def test_lines_that_both_added_are_there_once() -> None:
    merge = merge_text("## A\np\n", "## A\nq\n\n## B\nx\n", "## A\np\n\n## B\nx\n")
    assert merge.text == "## A\nq\n\n## B\nx\n"


def test_converted_line_ends_are_kept_for_the_whole_text() -> None:
    assert merge_text("a\nb\nc\n", "a\r\nb\r\nc\r\n", "a\nB\nc\n").text == "a\r\nB\r\nc\r\n"


def test_a_unicode_form_gives_way_to_words() -> None:
    merge = merge_text("Cafe\u0301 of 1999.\n", "Caf\u00e9 of 1999.\n", "Cafe\u0301 of 2000.\n")
    assert merge.text == "Cafe\u0301 of 2000.\n"


def test_a_line_separator_in_a_line_does_not_end_it() -> None:
    assert merge_text("a\u2028b\nc\n", "a\u2028b\nC\n", "a\u2028b\nc\n").text == "a\u2028b\nC\n"


def test_saved_conflict_markers_are_not_woven_into() -> None:
    base = "One line of some words.\n"
    ours = f"<<<<<<< HEAD\n{base}=======\nOne line of other words.\n>>>>>>> x\n"
    assert hunks(base, ours, "One line of some good words.\n")


OWL, HERON = "The owl sits in the tower of the park.", "The heron stands at the lake."
GATE = "Nobody knows who built the gate."
TRAIN, LINES = "A new train came in the year of the flood.", "Two more lines were built in spring."


def first_word(text: str) -> str:
    return f"Once {text}"


def last_word(text: str) -> str:
    return f"{text[:-1]} now."


@pytest.mark.parametrize("added", [[TRAIN], [TRAIN, LINES]])
@pytest.mark.parametrize("between", ["\n\n", "\n"])
@pytest.mark.parametrize(
    "changed", list(itertools.product([False, True], repeat=4)), ids=lambda c: "".join(map(str, c))
)
def test_what_both_add_in_one_place_comes_once_whatever_happens_beside_it(
    changed: tuple[bool, bool, bool, bool], between: str, added: list[str]
) -> None:
    ours_above, ours_below, theirs_above, theirs_below = changed

    def text(above: str, below: str, *, added: list[str]) -> str:
        return between.join([above, *added, below, GATE]) + "\n"

    merge = merge_text(
        text(OWL, HERON, added=[]),
        text(
            first_word(OWL) if ours_above else OWL,
            first_word(HERON) if ours_below else HERON,
            added=added,
        ),
        text(
            last_word(OWL) if theirs_above else OWL,
            last_word(HERON) if theirs_below else HERON,
            added=added,
        ),
    )
    above = first_word(OWL) if ours_above else OWL
    below = first_word(HERON) if ours_below else HERON
    assert merge.text == text(
        last_word(above) if theirs_above else above,
        last_word(below) if theirs_below else below,
        added=added,
    )


def test_what_both_move_to_different_places_is_one_question() -> None:
    short = ["Owl.", "Heron.", "Kestrel.", "Falcon.", "Gull."]
    for moved in ("Kestrel.", TRAIN):
        lines = [moved if line == "Kestrel." else line for line in short]
        rest = [line for line in lines if line != moved]
        base, ours, theirs = (
            "\n\n".join(each) + "\n" for each in (lines, [moved, *rest], [*rest, moved])
        )
        merge = merge_text(base, ours, theirs)
        settled = "".join(part.text for part in merge.parts if isinstance(part, SettledText))
        assert not merge.is_clean
        assert settled.count(moved) == 0


def test_what_both_add_in_other_words_is_asked() -> None:
    other = TRAIN.replace("flood", "storm")
    base, ours, theirs = (
        "\n\n".join(each) + "\n"
        for each in ([OWL, HERON, GATE], [OWL, TRAIN, HERON, GATE], [OWL, HERON, other, GATE])
    )
    assert not merge_text(base, ours, theirs).is_clean


UNSETTLED = TextMerge(
    (SettledText("a b c d\n\n"), OpenHunk("q\n", "x\n", "y\n"), SettledText("\nm n o p\n"))
)


def test_over_an_open_hunk_of_the_base_sides_that_agree_are_clean() -> None:
    merge = merge_text(UNSETTLED, "a B c d\n\nz\n\nm n o p\n", "a b c d\n\nz\n\nm n O p\n")
    assert merge.text == "a B c d\n\nz\n\nm n O p\n"


def test_over_an_open_hunk_of_the_base_no_candidate_wins_unseen() -> None:
    merge = merge_text(UNSETTLED, "a b c d\n\nx\n\nm n o p\n", "a b c d\n\nz\n\nm n o p\n")
    (hunk,) = merge.open_hunks
    assert (hunk.ours, hunk.theirs) == ("x\n", "z\n")


@pytest.mark.slow
def test_large_texts_are_merged_in_time() -> None:
    words = [f"w{at * 7919 % 2003}" for at in range(180_000)]
    base = "".join(word + ("\n" if at % 12 == 0 else " ") for at, word in enumerate(words))
    began = time.perf_counter()
    assert merge_text(base, base.replace("w17 ", "v17 "), base.replace("w18\n", "v18\n")).text
    merge_text(base, base[::-1], base.upper())
    assert time.perf_counter() - began < 20
