"""What a difference shows of a text: all that changed, and of the rest what stands beside it."""

import re

from hypothesis import given
from hypothesis import strategies as st

from wiki.pages.values import LONGEST_EQUAL, text_parts

PARAGRAPHS = st.lists(
    st.text(alphabet="ab \n|#", max_size=400).filter(str.strip), min_size=1, max_size=6
).map("\n\n".join)


@given(start=PARAGRAPHS, old=st.text("xy", max_size=5), new=st.text("xy", max_size=5),
       end=PARAGRAPHS)  # fmt: skip
def test_what_changed_is_whole_and_what_did_not_is_counted(
    start: str, old: str, new: str, end: str
) -> None:
    before, after = f"{start} {old} {end}", f"{start} {new} {end}"
    parts = text_parts(before, after)
    kept = "".join(text for kind, text in parts if kind in ("same", "ins"))
    hidden = [int(re.sub(r"\D", "", text)) for kind, text in parts if kind == "gap"]
    assert len(kept) + sum(hidden) == len(after)
    added = "".join(text for kind, text in parts if kind == "ins").strip()
    assert added == (new if old != new else "")
    assert all(len(text) <= LONGEST_EQUAL for kind, text in parts if kind == "same")


def test_the_paragraph_of_a_change_is_shown_and_no_other() -> None:
    other = "Words of another paragraph. " * 20
    before = f"{other}\n\nIt flies high.\n\n{other}\n\nIt lands.\n\n{other}"
    parts = text_parts(before, before.replace("high", "low").replace("lands", "stops"))
    shown = [text.strip() for kind, text in parts if kind != "gap"]
    assert shown == ["It flies", "high", "low", ".", "It", "lands", "stops", "."]
    assert [kind for kind, _ in parts].count("gap") == 3
