"""Words: woven where something stands between two edits, asked about otherwise."""

import pytest

from versioning.merge import OpenHunk, SettledText, merge_words


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        (
            "It opened in 1999 with two trains.",
            "It opened in 2000 with two trains.",
            "It opened in 1999 with three trains.",
            "It opened in 2000 with three trains.",
        ),
        (
            "| Comet | 62 | 120 |",
            "| Comet | 63 | 120 |",
            "| Comet | 62 | 125 |",
            "| Comet | 63 | 125 |",
        ),
        (
            "By [Acme](/c/acme/) in 1999.",
            "By [Acme Rides](/c/acme/) in 1999.",
            "By [Acme](/c/acme-inc/) in 1999.",
            "By [Acme Rides](/c/acme-inc/) in 1999.",
        ),
        (
            "東京の遊園地は一九九九年に開園した。",
            "大阪の遊園地は一九九九年に開園した。",
            "東京の遊園地は二〇〇〇年に開園した。",
            "大阪の遊園地は二〇〇〇年に開園した。",
        ),
        (
            "It  opened in 1999,  and it is red.",
            "It opened in 1999, and it is red.",
            "It  opened in 2000,  and it is red.",
            "It opened in 2000, and it is red.",
        ),
    ],
    ids=["figures", "cells", "links", "ideographs", "blanks"],
)
def test_edits_apart_are_both_in(base: str, ours: str, theirs: str, merged: str) -> None:
    assert merge_words(base, ours, theirs).text == merged


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        (
            "The red train left the station.",
            "The blue train left the station.",
            "The red bus left the station.",
        ),
        (
            "The red coaster was built here.",
            "The big red coaster was built here.",
            "The old red coaster was built here.",
        ),
        (
            "See https://x.example/a for all of it.",
            "See https://x.example/b for all of it.",
            "See https://x.example/c for all of it.",
        ),
        ("二〇〇〇年に開園した。", "二〇一〇年に開園した。", "二〇〇二年に開園した。"),
    ],
    ids=["only a blank between", "same place", "same address", "one ideograph between"],
)
def test_edits_that_touch_are_asked_about(base: str, ours: str, theirs: str) -> None:
    assert merge_words(base, ours, theirs).text is None


def test_the_question_is_as_small_as_the_clash() -> None:
    merge = merge_words(
        "It opened in 1999 as the Comet of old.",
        "It opened in 2000 as the Comet of old.",
        "It opened in 2001 as the Comet of yore.",
    )
    assert merge.parts == (
        SettledText("It opened in "),
        OpenHunk("1999", "2000", "2001"),
        SettledText(" as the Comet of yore."),
    )


def test_a_line_that_a_side_wrote_anew_is_no_ground_to_weave_on() -> None:
    merge = merge_words(
        "description: A code of conduct empowers you to help.",
        "description: Empowering others through a code, with care.",
        "description: A code of conduct empowers you to help!",
    )
    assert len(merge.parts) == 1


def test_each_side_changing_blanks_in_its_own_way_is_asked_about() -> None:
    assert merge_words("a  b", "a b", "a   b").text is None
