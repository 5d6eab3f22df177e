import pytest

from versioning.merge.words import split_words, word_key


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("It's a well-known ride.", ["It's", " ", "a", " ", "well-known", " ", "ride", "."]),
        ("203.4 ft, 1,234", ["203.4", " ", "ft", ",", " ", "1,234"]),
        ("at 10:30.", ["at", " ", "10:30", "."]),
        ("**bold** _x_", ["**", "bold", "**", " ", "_", "x", "_"]),
        ("[Acme](/c/acme/) in", ["[", "Acme", "]", "(", "/c/acme/", ")", " ", "in"]),
        ("a https://x.example/?q=1 b", ["a", " ", "https://x.example/?q=1", " ", "b"]),
        ("| 62 |", ["|", " ", "62", " ", "|"]),
        ("<b class='x'>y</b>", ["<b class='x'>", "y", "</b>"]),
        ("東京タワー", ["東", "京", "タ", "ワ", "ー"]),
        ("か\u3099x", ["か\u3099", "x"]),
        ("cafe\u0301s", ["cafe\u0301s"]),
        ("हिन्दी शब्द", ["हिन्दी", " ", "शब्द"]),
        ("a\r\n\tb", ["a", "\r\n", "\t", "b"]),
    ],
)
def test_text_comes_apart_into_words(text: str, pieces: list[str]) -> None:
    assert split_words(text) == pieces


def test_blanks_of_any_width_are_one_blank_and_line_ends_are_one_end() -> None:
    assert word_key("  \t") == word_key(" ")
    assert word_key("\r\n") == word_key("\n") != word_key(" ")
