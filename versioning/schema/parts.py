"""Changes of an item class: what becomes of the parts of items that stand already."""

from collections.abc import Mapping
from typing import Any

from django.core.management import CommandError

from eventstore.errors import Refusal
from versioning.entities.kinds import DocumentField
from versioning.schema.carrying import is_same
from versioning.schema.describing import parts_of
from versioning.schema.events import Part, PartChanges


class PartsUnclear(Refusal, CommandError):
    """Items would lose or misread what they hold, or nobody can tell whether they would."""

    code = "parts-unclear"
    status = 409


def part_changes(
    name: str, field: Any, before: Mapping[str, Part] | None, former_names: Mapping[str, str]
) -> PartChanges | None:
    """What a change of a field's parts does to its items; None where they stay as they are.

    `name` is the field's for people, `field` what it is after the change. Where no parts were told
    before, nothing is known of them. Raises PartsUnclear.
    """
    after = parts_of(field)
    if before is None or after is None:
        return None
    for was, now in former_names.items():
        if was in before and was not in after and now in before:
            raise PartsUnclear(
                f"The items of {name} tell that {now} was {was} once, and they have both.",
                f"Remove the {now} that there is by a migration, and rename {was} in the next; or "
                "take the name out of former_names.",
            )
    renamed = {
        was: now
        for was, now in former_names.items()
        if was in before and was not in after and now in after and now not in before
    }
    gone = sorted(before.keys() - after.keys() - renamed.keys())
    new = sorted(after.keys() - before.keys() - {*renamed.values()})
    stays = {was: renamed.get(was, was) for was in before if was not in gone}
    _require_same(name, before, after, stays)
    _require_clear(name, before, after, gone, new)
    given = [now for was, now in stays.items() if _begins_to_be_told(before[was], after[now])]
    defaults = {
        part: _document_field(field, part).absent for part in new if after[part].has_default
    }
    blanks = {part: _document_field(field, part).blank for part in given}
    changes = PartChanges(renamed=renamed, removed=gone, added=defaults | blanks)
    return changes if changes != PartChanges() else None


def _require_same(
    name: str,
    before: Mapping[str, Part],
    after: Mapping[str, Part],
    stays: Mapping[str, str],
) -> None:
    for was, now in stays.items():
        one, other = before[was], after[now]
        if not _is_same(one, other):
            raise PartsUnclear(
                f"The items of {name} hold {was} as {_told(one)}, "
                f"and would hold {now} as {_told(other)}.",
                "Add a part of another name, copy what it can keep by a migration with RunLogged, "
                "and remove the old part after that.",
            )


def _require_clear(
    name: str,
    before: Mapping[str, Part],
    after: Mapping[str, Part],
    gone: list[str],
    new: list[str],
) -> None:
    for was in gone:
        for now in new:
            if _is_same(before[was], after[now]):
                raise PartsUnclear(
                    f"The items of {name} lose {was} and get {now}, which may be the same.",
                    f'Where it is, say former_names = {{"{was}": "{now}"}} in the item class. '
                    "Where it is not, remove the one first, and add the other in the migration "
                    "after that.",
                )


def _is_same(one: Part, other: Part) -> bool:
    return one.target == other.target and is_same(one.type, other.type)


def _told(part: Part) -> str:
    return f"{part.type} to {part.target}" if part.target else part.type


def _begins_to_be_told(before: Part, after: Part) -> bool:
    """A default that a part gets is for what comes: items that stand tell that they had nothing."""
    return after.has_default and not before.has_default


def _document_field(field: Any, part: str) -> DocumentField:
    return DocumentField(part, part, field.parts[part])
