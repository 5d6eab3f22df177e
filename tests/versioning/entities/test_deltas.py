"""A delta brings back exactly the text that it was made from, and is as small as its edit."""

import json
import random

from hypothesis import given
from hypothesis import strategies as st

from versioning.entities import deltas

pieces = st.sampled_from(
    ["a", "word ", "line\n", "\r\n", "\r", "é", "e\u0301", "🎢", "\u2028", " ", "Same line.\n"]
)
texts = st.lists(pieces, max_size=200).map("".join)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str]:
    """A text, and what some replacements all over it make of it."""
    before = draw(texts)
    after = before
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(after)))
        gone = draw(st.integers(0, 30))
        after = after[:at] + draw(st.text(max_size=40)) + after[at + gone :]
    return before, after


@given(edited())
def test_applying_a_delta_gives_the_text_that_was_encoded(pair: tuple[str, str]) -> None:
    before, after = pair
    delta = deltas.encode(before, after)
    assert delta is None or deltas.apply(before, delta) == after


@given(texts, texts)
def test_texts_that_have_little_in_common_come_back_too(before: str, after: str) -> None:
    delta = deltas.encode(before, after)
    assert delta is None or deltas.apply(before, delta) == after


def test_two_edits_far_apart_do_not_store_what_lies_between() -> None:
    chance = random.Random(1)
    words = [f"word{chance.randrange(1_000)}" for _ in range(2_600)]
    before = "\n\n".join(" ".join(words[at : at + 50]) for at in range(0, len(words), 50))
    assert len(before) > 20_000
    after = "First. " + before.replace(words[2_400], "other", 1) + "\nAnd last."
    delta = deltas.encode(before, after)
    assert delta is not None
    assert deltas.apply(before, delta) == after
    assert len(json.dumps(delta)) < 100


def test_two_edits_in_one_long_line_are_two_replacements() -> None:
    before = "It begins here, " + "and goes on, " * 60 + "until it ends there."
    after = before.replace("begins", "started").replace("ends", "stopped")
    assert deltas.encode(before, after) == [
        (3, 9, "started"),
        (before.index("ends"), before.index("ends") + 4, "stopped"),
    ]


def test_a_short_text_is_stored_whole() -> None:
    assert deltas.encode("a short text", "another short text") is None


def test_a_text_that_was_written_anew_is_stored_whole() -> None:
    assert deltas.encode("a" * 300, "b" * 300) is None
