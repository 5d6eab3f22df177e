import pytest

from versioning.merge.lines import joined, line_end, line_key, split_lines, with_line_ends


def test_lines_end_at_three_ends_and_nowhere_else() -> None:
    assert split_lines("a\nb\r\nc\rd") == ["a\n", "b\r\n", "c\r", "d"]
    assert split_lines("a\u2028b\x0bc\x85d\n") == ["a\u2028b\x0bc\x85d\n"]
    assert split_lines("") == []


@pytest.mark.parametrize("line", ["caf\u00e9", "cafe\u0301\n", "caf\u00e9\r\n"])
def test_a_line_is_its_characters(line: str) -> None:
    assert line_key(line) == "caf\u00e9"


def test_texts_that_mix_line_ends_have_no_single_one() -> None:
    assert line_end(["a\r\n", "b"]) == "\r\n"
    assert line_end(["a\r\nb\n"]) is None
    assert line_end(["", "a"]) == "\n"
    assert with_line_ends("a\r\nb\rc\n", "\n") == "a\nb\nc\n"


def test_a_line_in_the_middle_is_not_glued_to_the_next() -> None:
    assert joined(["a", "b\n", "c"]) == "a\nb\nc"
