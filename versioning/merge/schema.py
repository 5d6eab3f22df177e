"""Documents of different schema versions (`_v`), brought to one before they are merged.

The wiki's upcasters run before a merge, and then all three agree. Where they have
not run, one thing can be told from the documents alone: a field that the newer side
no longer has, and no kind knows, whose value it carries under one new name, was
renamed. What can't be told that way is a conflict of type `schema`.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from versioning.merge.kinds import Kinds
from versioning.merge.values import Document, Value, same

VERSION: Final = "_v"


def schema_version(document: Document) -> int | None:
    version = document.get(VERSION)
    return version if isinstance(version, int) and not isinstance(version, bool) else None


def brought_to_one(
    kinds: Kinds, base: Document | None, ours: Document, theirs: Document
) -> tuple[Document, Document, Document] | None:
    """The documents in the schema of the newest; None where that can't be told."""
    documents = (ours, theirs) if base is None else (base, ours, theirs)
    versions = {schema_version(each) for each in documents}
    if len(versions) <= 1:
        return base or {}, ours, theirs
    known = [version for version in versions if version is not None]
    if len(known) < len(versions):
        return None
    newest = max(known)
    renamed = _renamed(kinds, newest, documents)
    if renamed is None:
        return None
    before, mine, other = (_upcast(each or {}, newest, renamed) for each in (base, ours, theirs))
    return before, mine, other


def _renamed(kinds: Kinds, newest: int, documents: Sequence[Document]) -> dict[str, str] | None:
    """Old names and the new ones that took their place; None if any has no clear heir."""
    old = [each for each in documents if schema_version(each) != newest]
    new = [each for each in documents if schema_version(each) == newest]
    vanished = {
        name
        for document in old
        for name in document
        if name not in kinds and not any(name in each for each in new)
    }
    renamed = dict[str, str]()
    for name in sorted(vanished):
        heirs = {
            heir for older in old for newer in new for heir in _heirs(kinds, name, older, newer)
        }
        if len(heirs) != 1:
            return None
        renamed[name] = heirs.pop()
    return renamed if len(set(renamed.values())) == len(renamed) else None


def _heirs(kinds: Kinds, name: str, old: Document, new: Document) -> set[str]:
    """The fields that are new, known, and say what the vanished one said."""
    if name not in old or old[name] is None:
        return set()
    return {
        heir for heir in new if heir in kinds and heir not in old and same(new[heir], old[name])
    }


def _upcast(document: Document, newest: int, renamed: Mapping[str, str]) -> Document:
    if not document or schema_version(document) == newest:
        return document
    upcast: dict[str, Value] = {renamed.get(name, name): value for name, value in document.items()}
    return {**upcast, VERSION: newest}
