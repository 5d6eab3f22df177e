from versioning.merge import Hunk, diff_lines, diff_words


def test_a_line_diff_says_what_became_of_each_stretch() -> None:
    assert diff_lines("a\nb\nc\n", "a\nB\nc\nd\n") == [
        Hunk("equal", "a\n", "a\n", 0, 0),
        Hunk("replace", "b\n", "B\n", 2, 2),
        Hunk("equal", "c\n", "c\n", 4, 4),
        Hunk("insert", "", "d\n", 6, 6),
    ]


def test_a_word_diff_counts_characters() -> None:
    assert diff_words("It is red.", "It is.") == [
        Hunk("equal", "It is", "It is", 0, 0),
        Hunk("delete", " red", "", 5, 5),
        Hunk("equal", ".", ".", 9, 5),
    ]


def test_a_diff_is_exact_about_form() -> None:
    assert diff_lines("caf\u00e9\n", "cafe\u0301\n")[0].type == "replace"
    assert diff_lines("a\n", "a\r\n")[0].type == "replace"


def test_equal_texts_are_one_hunk_and_empty_ones_none() -> None:
    assert diff_lines("a\n", "a\n") == [Hunk("equal", "a\n", "a\n", 0, 0)]
    assert diff_lines("", "") == []
