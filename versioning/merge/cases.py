"""Merge cases as lines of JSON: one case in, one answer out, in order.

A case is three texts, three documents with their kinds, or three sites (maps whose
keys name entities, `ride:1`). A bad line is answered with a sentence.
"""

import json
import re
from collections.abc import Mapping
from types import NoneType
from typing import Final, cast

from versioning.merge.checks import Site
from versioning.merge.conflict import Conflict
from versioning.merge.document import merge_document
from versioning.merge.kinds import kinds_from_json
from versioning.merge.prose import TextMerge
from versioning.merge.site import merge_site
from versioning.merge.text import merge_text
from versioning.merge.values import MISSING, Document, Value

_ENTITY: Final = re.compile(r"[a-z_]+:[^\s]+")
_SIDES: Final = ("base", "ours", "theirs")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_NUL: Final = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def answer_line(line: bytes) -> str:
    """The answer to one line, as a line of JSON without its end. Never raises on bad input."""
    case_id: Value = None
    try:
        case = _read(line)
        case_id = _checked_id(case)
        _refuse_what_is_no_text(case)
        return _as_json({"id": case_id, **_answer(case)})
    except ValueError as error:
        return _as_json({"id": case_id, "error": str(error)})
    except RecursionError:
        return _as_json({"id": case_id, "error": "The case is nested too deeply."})


def _as_json(answer: Value) -> str:
    return json.dumps(answer, ensure_ascii=False, allow_nan=False)


def _read(line: bytes) -> dict[str, Value]:
    try:
        case = json.loads(line.decode())
    except UnicodeDecodeError:
        raise ValueError("The line is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"The line is not JSON: {error.msg} at character {error.pos}.") from None
    except ValueError:
        raise ValueError("The line holds a number with too many digits.") from None
    if not isinstance(case, dict):
        raise ValueError("The case is not an object.")
    return case


def _checked_id(case: Mapping[str, Value]) -> Value:
    case_id = case.get("id")
    if not isinstance(case_id, (str, int, float, NoneType)):
        raise ValueError("The case's id is neither a string nor a number.")
    _refuse_what_is_no_text(case_id)
    return case_id


def _refuse_what_is_no_text(value: Value) -> None:
    """Refuses what Python reads as JSON and nobody else can store."""
    try:
        written = _as_json(value)
    except ValueError:
        raise ValueError("The case holds a number that JSON does not have.") from None
    if _SURROGATE.search(written):
        raise ValueError("The case holds half of a surrogate pair, which is not a character.")
    if _NUL.search(written):
        raise ValueError("The case contains a NUL character, so it is not text.")


def _answer(case: Mapping[str, Value]) -> dict[str, Value]:
    missing = [name for name in _SIDES if name not in case]
    if missing:
        raise ValueError(f"The case lacks {' and '.join(missing)}.")
    sides = [case[name] for name in _SIDES]
    if any(isinstance(side, str) for side in sides):
        if not all(side is None or isinstance(side, str) for side in sides):
            raise ValueError("Some of base, ours and theirs are texts, and some are not.")
        return _text_answer(*(cast("str | None", side) for side in sides))
    if not all(side is None or isinstance(side, dict) for side in sides):
        raise ValueError("base, ours and theirs must be texts, objects or null.")
    kinds = kinds_from_json(case.get("kinds"))
    documents = [cast("Document | None", side) for side in sides]
    if _are_sites(documents):
        before, mine, other = (cast(Site, document or {}) for document in documents)
        whole = merge_site(kinds, before, mine, other)
        return _document_answer(whole.site, whole.conflicts)
    merge = merge_document(kinds, *documents)
    return _document_answer(merge.document, merge.conflicts)


def _are_sites(documents: list[Document | None]) -> bool:
    """Whether these are maps from entity to document, told by their shape."""
    entries = [entry for each in documents if each for entry in each.items()]
    return bool(entries) and all(
        _ENTITY.fullmatch(name) and (value is None or isinstance(value, dict))
        for name, value in entries
    )


def _document_answer(document: Value, conflicts: tuple[Conflict, ...]) -> dict[str, Value]:
    if not conflicts:
        return {"clean": document}
    return {"conflicts": [each.as_dict() for each in conflicts], "rest": document}


def _text_answer(base: str | None, ours: str | None, theirs: str | None) -> dict[str, Value]:
    if ours is None or theirs is None:
        merge = merge_document({"": "text"}, *(_as_document(text) for text in (base, ours, theirs)))
        if merge.is_clean:
            return {"clean": None if merge.document is None else merge.document[""]}
        before, mine, other = (MISSING if text is None else text for text in (base, ours, theirs))
        conflict = Conflict("", "changed_deleted", before, mine, other)
        return {"conflicts": [conflict.as_dict()], "rest": None}
    merged = merge_text(base or "", ours, theirs)
    if merged.text is not None:
        return {"clean": merged.text}
    return {"conflicts": text_conflicts(merged), "rest": merged.marked()}


def _as_document(text: str | None) -> Document | None:
    return None if text is None else {"": text}


def text_conflicts(merge: TextMerge) -> list[Value]:
    """The open hunks of a text, as JSON."""
    return [
        Conflict(
            "", "both_changed" if hunk.base else "add_add", hunk.base, hunk.ours, hunk.theirs
        ).as_dict()
        for hunk in merge.open_hunks
    ]
