"""Letters are folded alike in Python, in the database, in addresses and in search."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from wiki.fields.folding import APOSTROPHES, LETTERS, fold
from wiki.search.excerpts import fold_word

ODD = "".join(map(chr, [*LETTERS, *APOSTROPHES])) + "éÀçñäÖűşŽαЖ雪ﬁ①\u0301 -a"
TEXTS = st.text(st.sampled_from(ODD) | st.characters(codec="utf-8", exclude_characters="\x00"))


@pytest.mark.django_db
@given(TEXTS)
def test_the_database_writes_the_same_letters(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT wiki_letters(%s)", [text])
        assert cursor.fetchone() == (text.translate(LETTERS).translate(APOSTROPHES),)


@given(TEXTS)
def test_what_is_folded_stays_so(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.django_db
@pytest.mark.parametrize("word", ["Kärnan", "Ærø’s", "Łódź", "STRASSE", "Straße", "þing", "garðr"])
def test_search_looks_for_what_the_index_has(word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT replace(lower(unaccent(%s)), '''', '')", [word])
        assert cursor.fetchone() == (fold_word(word),)
