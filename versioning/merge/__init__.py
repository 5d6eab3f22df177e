"""Three-way merge: documents in, a document or conflicts out. Pure; no I/O but the command's.

    merge = merge_document({"name": "scalar", "body": "text"}, base, ours, theirs)
    merge.document, merge.conflicts

`merge_document` takes one entity, `merge_site` many with checks of the result, and
`merge_text` one text. `virtual_base` makes one base of several, `diff_lines` and
`diff_words` compare two texts. `python -m versioning.merge` is the command.
"""

from versioning.merge.checks import (
    Finding,
    Rules,
    Sides,
    Site,
    check_cycles,
    check_references,
    check_unique,
)
from versioning.merge.conflict import Conflict, ConflictType, Merge, join_path, split_path
from versioning.merge.document import merge_document, unchanged
from versioning.merge.hunks import Hunk, diff_lines, diff_words
from versioning.merge.kinds import Kind, Kinds, ListKind, kinds_from_json
from versioning.merge.lines import split_lines
from versioning.merge.prose import Labels, OpenHunk, SettledText, TextMerge
from versioning.merge.site import Redirect, SiteMerge, merge_site
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
    "Finding",
    "Hunk",
    "Kind",
    "Kinds",
    "Labels",
    "ListKind",
    "Merge",
    "OpenHunk",
    "Redirect",
    "Rules",
    "SettledText",
    "Sides",
    "Site",
    "SiteMerge",
    "TextMerge",
    "Unsettled",
    "Value",
    "check_cycles",
    "check_references",
    "check_unique",
    "diff_lines",
    "diff_words",
    "join_path",
    "kinds_from_json",
    "merge_document",
    "merge_site",
    "merge_text",
    "merge_words",
    "same",
    "split_lines",
    "split_path",
    "split_words",
    "unchanged",
    "virtual_base",
]
