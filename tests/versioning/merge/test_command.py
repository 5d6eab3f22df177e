"""`python -m versioning.merge`, as git and as the scoring tools speak to it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from versioning.merge.__main__ import main
from versioning.merge.cases import answer_line

ROOT = Path(__file__).parents[3]


def files(folder: Path, *texts: str) -> list[str]:
    names = [folder / name for name in ("base", "ours", "theirs")]
    for name, text in zip(names, texts, strict=True):
        name.write_bytes(text.encode())
    return [str(name) for name in names]


def test_a_clean_merge_is_printed_and_ends_with_0(tmp_path: Path, capsysbinary: Any) -> None:
    assert main(files(tmp_path, "a\n\nb\n", "A\n\nb\n", "a\n\nB\n")) == 0
    assert capsysbinary.readouterr().out == b"A\n\nB\n"


def test_open_hunks_stand_between_markers_and_end_with_1(tmp_path: Path, capsysbinary: Any) -> None:
    assert main(files(tmp_path, "a\n", "b\n", "c\n")) == 1
    assert capsysbinary.readouterr().out == (
        b"<<<<<<< ours\nb\n||||||| base\na\n=======\nc\n>>>>>>> theirs\n"
    )


def test_json_names_the_hunks(tmp_path: Path, capsysbinary: Any) -> None:
    assert main([*files(tmp_path, "a\n", "b\n", "c\n"), "--json"]) == 1
    (conflict,) = json.loads(capsysbinary.readouterr().out)["conflicts"]
    assert (conflict["ours"], conflict["theirs"]) == ("b\n", "c\n")


def test_git_s_driver_has_the_result_in_ours(tmp_path: Path) -> None:
    names = files(tmp_path, "a\r\n\r\nb\r\n", "A\r\n\r\nb\r\n", "a\r\n\r\nB\r\n")
    assert main([*names, "--output", names[1]]) == 0
    assert Path(names[1]).read_bytes() == b"A\r\n\r\nB\r\n"


@pytest.mark.parametrize("content", [b"\xff", b"a\0b"])
def test_what_is_no_text_is_refused_with_a_sentence(
    tmp_path: Path, capsys: Any, content: bytes
) -> None:
    names = files(tmp_path, "a", "b", "c")
    Path(names[1]).write_bytes(content)
    assert main(names) == 2
    assert capsys.readouterr().err.strip().endswith(".")


@pytest.mark.parametrize(
    "arguments",
    [[], ["a"], ["a", "b", "c", "--cases", "d"], ["/no/a", "/no/b", "/no/c"], ["--cases", "/no/x"]],
)
def test_a_wrong_call_ends_with_2(arguments: list[str], capsys: Any) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("merge: ")


def answer(case: Any) -> Any:
    return json.loads(answer_line(json.dumps(case).encode()))


def test_a_text_case_is_answered_with_text() -> None:
    assert answer({"id": 1, "base": "a\n", "ours": "a\n", "theirs": "b\n"}) == {
        "id": 1,
        "clean": "b\n",
    }
    assert answer({"id": 1, "base": "a\n", "ours": None, "theirs": "a\n"}) == {
        "id": 1,
        "clean": None,
    }
    conflict = answer({"id": 1, "base": "a\n", "ours": "b\n", "theirs": None})["conflicts"][0]
    assert conflict["type"] == "changed_deleted"


def test_a_document_case_is_answered_with_conflicts_and_the_rest() -> None:
    found = answer(
        {"id": "x", "base": {"a": 1, "b": 1}, "ours": {"a": 2, "b": 1}, "theirs": {"a": 3, "b": 2}}
    )
    assert found["rest"] == {"b": 2}
    assert [(each["path"], each["type"]) for each in found["conflicts"]] == [("a", "both_changed")]


def test_a_site_is_told_by_its_shape() -> None:
    kinds = {"slug": "slug"}
    found = answer(
        {
            "id": 1,
            "kinds": kinds,
            "base": {},
            "ours": {"r:1": {"slug": "a"}},
            "theirs": {"r:2": {"slug": "a"}},
        }
    )
    assert {each["path"] for each in found["conflicts"]} == {"r:1.slug", "r:2.slug"}


@pytest.mark.parametrize(
    "line",
    [
        b"", b"{", b"[]", b"\xff", b'{"id": 7}',
        b'{"id": {}, "base": "", "ours": "", "theirs": ""}',
        b'{"id": 7, "base": 1, "ours": 2, "theirs": 3}',
        b'{"id": 7, "base": "a", "ours": {}, "theirs": "a"}',
        b'{"id": 7, "base": NaN, "ours": "a", "theirs": "b"}',
        b'{"id": 7, "base": {"a": 1e999}, "ours": {}, "theirs": {}}',
        b'{"id": 7, "base": "\\ud800", "ours": "a", "theirs": "b"}',
        b'{"id": 7, "base": "\\u0000", "ours": "a", "theirs": "b"}',
        b'{"id": 7, "kinds": {"a": "?"}, "base": {}, "ours": {}, "theirs": {}}',
        b"[" * 100_000,
        b'{"id": 7, "base": ' + b"9" * 5_000 + b"}",
    ],
)  # fmt: skip
def test_a_bad_line_is_answered_with_a_sentence(line: bytes) -> None:
    found = json.loads(answer_line(line))
    assert found["error"].endswith(".")
    assert found["id"] in (None, 7)


def test_after_a_bad_line_the_rest_goes_on(tmp_path: Path, capsysbinary: Any) -> None:
    good = b'{"id": 2, "base": "", "ours": "x", "theirs": ""}'
    cases = tmp_path / "cases.jsonl"
    cases.write_bytes(b"nonsense\n\n" + good + b"\n")
    assert main(["--cases", str(cases)]) == 0
    lines = capsysbinary.readouterr().out.splitlines()
    assert [json.loads(line).get("clean") for line in lines] == [None, "x"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is full")
def test_an_answer_that_cannot_be_written_is_no_conflict(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "versioning.merge", *files(tmp_path, "a\n", "b\n", "a\n")]
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, check=False)
    assert ended.returncode == 2
    assert ended.stderr == b"merge: The answer can't be written: No space left on device.\n"


def test_the_command_starts_without_django() -> None:
    code = "import sys, versioning.merge.__main__; print([m for m in sys.modules if 'django' in m])"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
