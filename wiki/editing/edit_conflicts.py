"""A form whose edit does not fit what others changed meanwhile: shown again, with all sides."""

from collections.abc import Callable
from typing import Any

from django.http import QueryDict

from versioning.entities.conflicts import EditConflict
from versioning.entities.kinds import Document, DocumentField
from versioning.fields.item_forms import ItemsFormField
from wiki.editing.edit_passages import TEXT, asked_text
from wiki.forms.bases import base_of
from wiki.pages.models import Page
from wiki.pages.values import label_of, shelf_of, shown, text_parts


def form_in_conflict(
    form_of: Callable[[type[Page]], Any], sent: QueryDict, conflict: EditConflict
) -> tuple[Any, list[dict[str, Any]]]:
    """The form on top of what stands now, and what is asked of each field in conflict.

    Mine where we differ, theirs elsewhere. At the viewpoint of the branch.
    """
    kind = conflict.kind
    assert conflict.theirs is not None
    asked = {each.path.split(".")[0] for each in conflict.conflicts}
    stands = {**conflict.theirs, **(conflict.merged or {})}
    settled = {name: value for name, value in stands.items() if name not in asked}
    data = sent.copy()
    model: Any = kind.model
    page: Page = model.objects.get(pk=conflict.entity_id)
    # Not what stands by now: that was not looked at.
    page.version = conflict.theirs_version
    data["base"] = base_of(page)
    references = {f.name: conflict.theirs[f.name] for f in kind.reference_fields}
    blank = form_of(model)(instance=page, references=references)
    for name, value in settled.items():
        if name in blank.fields:
            held = kind.fields[name].to_python(value)
            _type(data, name, blank.fields[name], held)
    form = form_of(model)(data, instance=page, references=references)
    shelf = shelf_of([(kind, conflict.base), (kind, conflict.theirs), (kind, conflict.mine)])
    asked_fields = [_asked(kind.fields[name], conflict, shelf) for name in sorted(asked)]
    if TEXT in asked and TEXT in form.fields:
        begun = sent.get("base", "")
        texts = (str((side or {}).get(TEXT) or "") for side in _sides(conflict))
        of_text = asked_fields[sorted(asked).index(TEXT)]
        of_text["text"] = asked_text(begun, *texts)
    return form, asked_fields


def _type(data: Any, name: str, field: Any, held: Any) -> None:
    """Put a value into what was sent, as if somebody had typed it."""
    if isinstance(field, ItemsFormField):
        for sent in [each for each in data if each.startswith(f"{name}-")]:
            del data[sent]
        data.update(field.as_data(name, held))
    else:
        typed = field.prepare_value(held)
        # Nought and no are told, too.
        data[name] = "" if typed is None else typed


def _sides(conflict: EditConflict) -> tuple[Document | None, ...]:
    """What stood when the edit began, what it makes of that, and what others did."""
    return conflict.base, conflict.mine, conflict.theirs


def _asked(f: DocumentField, conflict: EditConflict, shelf: Any) -> dict[str, Any]:
    sides = [(side or {}).get(f.name) for side in _sides(conflict)]
    base, mine, theirs = (shown(f, side, shelf) for side in sides)
    is_text = f.merge_kind == "text"
    return {
        "label": label_of(f),
        "base": base,
        "theirs": theirs,
        "mine": mine,
        "parts": text_parts(str(sides[0] or ""), str(sides[2] or "")) if is_text else [],
    }
