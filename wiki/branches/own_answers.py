"""Answers of one's own: the field of a form that takes one, and what it begins from."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from versioning.branches.conflicts import EntityConflict
from versioning.entities.kinds import Kind, kind_of
from versioning.merge import MISSING, TextMerge, merge_text, split_path
from wiki.forms.form_fields import PageField
from wiki.forms.page_form import edit_form, rename_form
from wiki.pages.models import Page
from wiki.pages.values import Shelf


def own_form_field(kind: Kind, path: str) -> Any:
    """The form field that takes a person's own answer; None where a part is asked for."""
    names = split_path(path)
    if len(names) != 1 or not issubclass(kind.model, Page):
        return None
    form = rename_form(kind.model) if names[0] in ("slug", "name") else edit_form(kind.model)
    return deepcopy(form.base_fields.get(names[0]))


def own_input(
    asked: EntityConflict,
    name: str,
    shelf: Shelf,
    *,
    merged: TextMerge | None,
    kept: Any,
    typed: Mapping[str, Any],
) -> str:
    """The input of an own answer, as HTML: what was typed in it, was kept, or a draft.

    `merged` is the merge of a text, where it is known.
    """
    kind = kind_of(asked.entity[0])
    form_field = own_form_field(kind, asked.conflict.path)
    if form_field is None:
        return ""
    value = typed.get(f"{name}-own")
    if value is None:
        value = _prepared(form_field, _draft(asked, kind, merged) if kept is None else kept, shelf)
    attrs = {"id": f"{name}-own", "aria-label": f"Another answer for {asked.title}"}
    return str(form_field.widget.render(f"{name}-own", value, attrs))


def _prepared(form_field: Any, value: Any, shelf: Shelf) -> Any:
    """A value as an input shows it."""
    if isinstance(form_field, PageField) and (page := shelf.get(str(value))) and page.href:
        value = page.href.rstrip("/").split("/")[-1]  # the field would ask for each by itself
    return form_field.prepare_value(value)


def _draft(asked: EntityConflict, kind: Kind, merged: TextMerge | None) -> Any:
    """What a person's own answer begins from: of a text, all that is settled of both sides."""
    f = kind.fields[split_path(asked.conflict.path)[0]]
    conflict = asked.conflict
    ours, theirs = conflict.ours, conflict.theirs
    if f.merge_kind == "text" and isinstance(ours, str) and isinstance(theirs, str):
        base = conflict.base if isinstance(conflict.base, str) else ""
        merged = merged or merge_text(base, ours, theirs)
        return merged.resolved([hunk.ours for hunk in merged.open_hunks])
    value = theirs if conflict.type == "unique" and theirs is not MISSING else ours
    return None if value is MISSING else f.to_python(value)
