"""The laws of merging, and where each stops."""

import unicodedata
from typing import Any

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from versioning.merge import (
    MISSING,
    Unsettled,
    diff_lines,
    diff_words,
    merge_document,
    merge_site,
    merge_text,
    merge_words,
    split_lines,
    split_words,
    virtual_base,
)

KINDS: Any = {
    "name": "scalar",
    "body": "text",
    "tags": "set",
    "extra": "map",
    "codes": "array",
    "height": "quantity",
    "opened": "partial_date",
    "touched": "latest",
    "credits": {"kind": "list", "identity": "id", "item": {"name": "scalar", "roles": "set"}},
}

WORDS = [
    "red",
    "train",
    "62",
    "m",
    "Comet",
    "café",
    "cafe\u0301",
    "the",
    "東",
    "京",
    "**",
    "[a](b)",
]
words = st.lists(st.sampled_from([*WORDS, ",", ".", "  "]), max_size=8).map(" ".join)
line_ends = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r", ""])
texts = st.lists(st.tuples(words, line_ends), max_size=6).map(
    lambda lines: "".join(line + end for line, end in lines)
)
any_text = st.text(st.sampled_from("ab \n\r\u2028\x0b#*|`[]()1.東\u0301"), max_size=30)
prose = texts | any_text
scalars = st.sampled_from([None, False, True, 0, 1, 1.0, "", "x", "é", "e\u0301", "y\r\n"])
names = st.sampled_from(["a", "aa", "b", "c.d", "e\\"])
quantities = st.fixed_dictionaries(
    {"value": st.sampled_from([62, 63, 203.4]), "unit": st.sampled_from(["m", "ft"])}
)
items = st.fixed_dictionaries(
    {"id": st.sampled_from([1, 2, 3, 4, 5])},
    optional={"name": scalars, "roles": st.lists(st.sampled_from("pq"), unique=True)},
)
documents = st.fixed_dictionaries(
    {},
    optional={
        "name": scalars,
        "body": prose,
        "tags": st.lists(st.sampled_from("abcde"), unique=True) | st.none(),
        "extra": st.dictionaries(names, scalars, max_size=3) | st.none(),
        "codes": st.lists(scalars, max_size=3),
        "height": quantities,
        "opened": st.sampled_from(["1999", "1999-05", "1999-05-14", "2000", "1999~", None]),
        "credits": st.lists(items, max_size=5, unique_by=lambda item: str(item["id"])),
        "unknown": scalars,
    },
)
entities = st.none() | documents
references = st.none() | st.sampled_from(["area:1", "area:2", "area:3", "area:9"])
SITE_KINDS: Any = {"slug": "slug", "parent": "reference", "body": "text"}
sites = st.dictionaries(
    st.sampled_from(["area:1", "area:2", "area:3"]),
    st.fixed_dictionaries(
        {"slug": st.sampled_from(["a", "b", None]), "parent": references, "body": words}
    ),
)


@given(base=entities, ours=entities, theirs=entities)
def test_a_merge_does_not_care_who_is_ours(base: Any, ours: Any, theirs: Any) -> None:
    """For two sides. Merging three branches in turn may depend on their order."""
    there, back = (
        merge_document(KINDS, base, ours, theirs),
        merge_document(KINDS, base, theirs, ours),
    )
    assert there == back.swapped()


@given(base=entities, changed=entities)
def test_one_side_alone_is_taken_as_it_is(base: Any, changed: Any) -> None:
    """Derived fields aside, which no merge returns."""
    merge = merge_document(KINDS, base, base, changed)
    assert merge.is_clean
    assert merge.document == changed


@given(base=entities, side=entities)
def test_sides_that_agree_are_clean(base: Any, side: Any) -> None:
    """Counters aside: two equal steps are two steps."""
    merge = merge_document(KINDS, base, side, side)
    assert merge.is_clean
    assert merge.document == side


@given(base=documents, ours=documents, theirs=documents)
def test_a_field_is_merged_or_asked_about(base: Any, ours: Any, theirs: Any) -> None:
    """A field that a side changed is in the result, or in a conflict, or both sides dropped it."""
    merge = merge_document(KINDS, base, ours, theirs)
    asked = {conflict.path.split(".")[0] for conflict in merge.conflicts}
    for name in ours.keys() & theirs.keys():
        assert name in (merge.document or {}) or name in asked or "" in asked


@given(first=documents, second=documents, ours=documents)
def test_sides_that_agree_are_clean_over_any_virtual_base(
    first: Any, second: Any, ours: Any
) -> None:
    base = virtual_base(KINDS, [first, second])
    assert merge_document(KINDS, base, ours, ours).document == ours


@given(first=scalars, second=scalars, ours=scalars, theirs=scalars)
def test_no_candidate_of_an_unsettled_base_wins_unseen(
    first: Any, second: Any, ours: Any, theirs: Any
) -> None:
    base = {"name": Unsettled((first, second))}
    merge = merge_document(KINDS, base, {"name": ours}, {"name": theirs})
    again = merge_document(KINDS, {"name": MISSING}, {"name": ours}, {"name": theirs})
    assert merge.is_clean == again.is_clean  # clean only where the sides agree


@given(base=prose, ours=prose, theirs=prose)
@example(base="x\n", ours="x", theirs="x\ny\n")
@example(base="a\n", ours="a\r\n", theirs="b\n")
def test_a_text_merge_does_not_care_who_is_ours(base: str, ours: str, theirs: str) -> None:
    assert merge_text(base, ours, theirs) == merge_text(base, theirs, ours).swapped()


def words_of(text: str) -> set[str]:
    return {
        unicodedata.normalize("NFC", word)
        for word in split_words(text)
        if any(map(str.isalnum, word))
    }


@settings(max_examples=500)
@given(base=prose, ours=prose, theirs=prose)
@example(base="x\n", ours="x", theirs="x\ny\n")
def test_no_word_that_a_side_wrote_vanishes(base: str, ours: str, theirs: str) -> None:
    """Words new on a side. Blanks, line ends and Unicode forms may give way to words."""
    merge = merge_text(base, ours, theirs)
    shown = merge.marked()
    for side in (ours, theirs):
        assert words_of(side) - words_of(base) <= words_of(shown)


@given(base=prose, ours=prose, theirs=prose)
def test_answering_every_hunk_with_one_side_leaves_no_hunk(
    base: str, ours: str, theirs: str
) -> None:
    merge = merge_text(base, ours, theirs)
    assert isinstance(merge.resolved([hunk.ours for hunk in merge.open_hunks]), str)


@given(base=prose, ours=prose, theirs=prose)
def test_a_word_merge_does_not_care_who_is_ours(base: str, ours: str, theirs: str) -> None:
    assert merge_words(base, ours, theirs) == merge_words(base, theirs, ours).swapped()


@given(a=prose, b=prose)
def test_a_diff_spells_out_both_texts(a: str, b: str) -> None:
    for hunks in (diff_lines(a, b), diff_words(a, b)):
        assert "".join(hunk.old for hunk in hunks) == a
        assert "".join(hunk.new for hunk in hunks) == b
        for hunk in hunks:
            assert (hunk.old == hunk.new) == hunk.is_equal
            assert a[hunk.old_start : hunk.old_stop] == hunk.old
            assert b[hunk.new_start : hunk.new_stop] == hunk.new


@given(text=st.text())
def test_lines_and_words_joined_are_the_text(text: str) -> None:
    assert "".join(split_lines(text)) == text
    assert "".join(split_words(text)) == text


@given(base=sites, ours=sites, theirs=sites)
def test_a_site_merge_does_not_care_who_is_ours(base: Any, ours: Any, theirs: Any) -> None:
    there, back = (
        merge_site(SITE_KINDS, base, ours, theirs),
        merge_site(SITE_KINDS, base, theirs, ours).swapped(),
    )
    assert there.site == back.site
    assert there.conflicts == back.conflicts


@given(base=sites, changed=sites)
def test_a_sound_site_is_taken_as_it_is(base: Any, changed: Any) -> None:
    """A side that is unsound by itself is asked about, even where the other did nothing."""
    merge = merge_site(SITE_KINDS, base, base, changed)
    assume(merge.is_clean)
    assert merge.site == changed
