"""Three-way merge: documents in, a document or conflicts out. Pure; no I/O but the command's.

    merge = merge_document({"name": "scalar", "body": "text"}, base, ours, theirs)
    merge.document, merge.conflicts

`merge_document` takes one entity, `merge_site` many with checks of the result, and
`merge_text` one text. `virtual_base` makes one base of several, `diff_lines` and
`diff_words` compare two texts. `python -m versioning.merge` is the command.
"""

from versioning.merge.checks import (
    Finding,
    Side,
    Sides,
    Site,
    check_cycles,
    check_references,
    check_unique,
)
from versioning.merge.conflict import Conflict, ConflictType, Merge, join_path, split_path
from versioning.merge.document import is_one_value, merge_document, unchanged
from versioning.merge.hunks import Hunk, diff_lines, diff_words
from versioning.merge.kinds import Kind, Kinds, ListKind, kinds_from_json
from versioning.merge.lines import split_lines
from versioning.merge.places import put, value_at
from versioning.merge.prose import Labels, OpenHunk, SettledText, TextMerge
from versioning.merge.rules import Fault, Key, Link, Rules
from versioning.merge.site import (
    Redirect,
    SiteMerge,
    check_site,
    merge_site,
    question_of,
    settled_part,
)
from versioning.merge.text import merge_text
from versioning.merge.values import MISSING, Document, Unsettled, Value, same
from versioning.merge.virtual import virtual_base
from versioning.merge.word_merge import merge_words
from versioning.merge.words import split_words

__all__ = [
    "MISSING",
    "Conflict",
    "ConflictType",
    "Document",
    "Fault",
    "Finding",
    "Hunk",
    "Key",
    "Kind",
    "Kinds",
    "Labels",
    "Link",
    "ListKind",
    "Merge",
    "OpenHunk",
    "Redirect",
    "Rules",
    "SettledText",
    "Side",
    "Sides",
    "Site",
    "SiteMerge",
    "TextMerge",
    "Unsettled",
    "Value",
    "check_cycles",
    "check_references",
    "check_site",
    "check_unique",
    "diff_lines",
    "diff_words",
    "is_one_value",
    "join_path",
    "kinds_from_json",
    "merge_document",
    "merge_site",
    "merge_text",
    "merge_words",
    "put",
    "question_of",
    "same",
    "settled_part",
    "split_lines",
    "split_path",
    "split_words",
    "unchanged",
    "value_at",
    "virtual_base",
]
