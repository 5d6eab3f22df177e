"""The merge command, for three files or for cases by the line.

    python -m versioning.merge BASE OURS THEIRS [--json] [--output FILE]
    python -m versioning.merge --cases FILE.jsonl

Ends with 0 if the merge is clean, 1 if hunks are open, 2 if the input is bad. As
git's merge driver: `python -m versioning.merge %O %A %B --output %A`.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from versioning.merge.cases import answer_line, text_conflicts
from versioning.merge.prose import Labels, TextMerge
from versioning.merge.text import merge_text

CLEAN, CONFLICT, BAD_INPUT = 0, 1, 2


class BadInputError(Exception):
    """What was given can't be merged; the message is a sentence for whoever gave it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit status."""
    options = _parser().parse_args(arguments)
    try:
        if options.cases is not None:
            if options.files:
                raise BadInputError("Give either --cases or three files, not both.")
            if options.output is not None:
                raise BadInputError("--output is for three files; cases are answered on stdout.")
            return _answer_cases(options.cases)
        if len(options.files) != 3:
            raise BadInputError("Give three files: BASE OURS THEIRS (or --cases FILE).")
        return _merge_files(options)
    except BadInputError as error:
        sys.stderr.write(f"merge: {error}\n")
        return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m versioning.merge",
        description="Three-way merge of texts and documents.",
        epilog="Ends with 0 if the merge is clean, 1 if hunks are open, 2 if the input is bad.",
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="BASE OURS THEIRS")
    parser.add_argument("--json", action="store_true", help="answer with JSON, not with markers")
    parser.add_argument("-o", "--output", metavar="FILE", help="write the result there")
    parser.add_argument("--cases", metavar="FILE", help="cases, a line of JSON each; - is stdin")
    return parser


def _merge_files(options: argparse.Namespace) -> int:
    base, ours, theirs = (_read(name) for name in options.files)
    merge = merge_text(base, ours, theirs)
    names = [Path(name).name for name in options.files]
    labels = Labels(base=names[0], ours=names[1], theirs=names[2])
    _write(options.output, _as_json(merge) if options.json else merge.marked(labels))
    return CLEAN if merge.is_clean else CONFLICT


def _as_json(merge: TextMerge) -> str:
    answer = {"clean": merge.text} if merge.is_clean else {"conflicts": text_conflicts(merge)}
    return json.dumps(answer, ensure_ascii=False) + "\n"


def _read(name: str) -> str:
    try:
        text = Path(name).read_bytes().decode()
    except OSError as error:
        raise BadInputError(f"{name} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise BadInputError(f"{name} is not a text in UTF-8.") from None
    if "\0" in text:
        raise BadInputError(f"{name} contains a NUL character, so it is not text.")
    return text


def _write(name: str | None, text: str) -> None:
    if name is None:
        _emit(text)
        return
    try:
        Path(name).write_bytes(text.encode())
    except OSError as error:
        raise BadInputError(f"{name} can't be written: {error.strerror}.") from None


def _answer_cases(name: str) -> int:
    if name == "-":
        _answer_lines(sys.stdin.buffer)
        return CLEAN
    try:
        with Path(name).open("rb") as lines:
            _answer_lines(lines)
    except OSError as error:
        raise BadInputError(f"{name} can't be read: {error.strerror}.") from None
    return CLEAN


def _answer_lines(lines: BinaryIO) -> None:
    for line in lines:
        if line.strip():
            _emit(answer_line(line) + "\n")


def _emit(answer: str) -> None:
    try:
        sys.stdout.buffer.write(answer.encode())
        sys.stdout.buffer.flush()
    except OSError as error:
        # What was not taken would be offered, and refused, once more at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise BadInputError(f"The answer can't be written: {error.strerror}.") from None


if __name__ == "__main__":
    sys.exit(main())
