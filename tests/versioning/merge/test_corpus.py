"""The engine beside git and 553 merges by people. Needs the shared data next to the checkout."""

import json
import lzma
from collections import Counter

import pytest

from tests.versioning.merge.catalogue import SHARED
from versioning.merge import merge_text

CORPUS = SHARED / "data" / "merge_corpus.jsonl.xz"


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.exists(), reason="the shared data is not beside the checkout")
def test_merges_by_people_come_out_as_they_settled_them() -> None:
    """What git merged cleanly, as committed; of git's conflicts, mostly as people did."""
    count: Counter[tuple[str, str]] = Counter()
    with lzma.open(CORPUS, "rt", encoding="utf-8") as lines:
        for case in map(json.loads, lines):
            text = merge_text(case["base"], case["ours"], case["theirs"]).text
            answer = "asked" if text is None else "same" if text == case["merged"] else "other"
            count["clean" if case["git_clean"] else "conflict", answer] += 1
    clean = sum(number for (git, _), number in count.items() if git == "clean")
    settled = count["conflict", "same"] + count["conflict", "other"]
    assert count["clean", "same"] >= 0.99 * clean
    assert settled >= 15
    assert count["conflict", "same"] >= 0.75 * settled
