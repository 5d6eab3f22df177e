"""What moderators fill in."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from wiki.fields.letter_forms import LettersForm
from wiki.moderation.commands import ROLES
from wiki.rights.models import ACTS, LONGEST_REASON, Level

_DURATIONS = {
    "day": ("a day", timedelta(days=1)),
    "week": ("a week", timedelta(weeks=1)),
    "month": ("a month", timedelta(days=30)),
    "year": ("a year", timedelta(days=365)),
}


class BoundedForm(LettersForm):
    """A reason, and how long something holds."""

    reason = forms.CharField(
        max_length=LONGEST_REASON,
        help_text="It is shown to whoever is concerned, and stays in the history.",
    )
    duration = forms.ChoiceField(
        label="For",
        choices=[*((key, label) for key, (label, _) in _DURATIONS.items()), ("", "good")],
        initial="week",
        required=False,
    )

    @property
    def ends_at(self) -> datetime | None:
        """When it ends, from now; None: never."""
        chosen = _DURATIONS.get(self.cleaned_data["duration"])
        return timezone.now() + chosen[1] if chosen else None


class BlockForm(BoundedForm):
    """A block of an account."""


class ProtectionForm(BoundedForm):
    """A protection of a page or a branch."""

    editing = forms.ChoiceField(label="Edited by", choices=Level.choices)
    renaming = forms.ChoiceField(label="Renamed by", choices=Level.choices)
    deleting = forms.ChoiceField(label="Deleted by", choices=Level.choices)
    field_order = (*ACTS, "reason", "duration")

    @property
    def settings(self) -> dict[str, Any]:
        """What a Protection says besides its reason."""
        levels = {name: self.cleaned_data[name] for name in ACTS}
        return {**levels, "ends_at": self.ends_at}


class RoleForm(forms.Form):
    """An account's role."""

    role = forms.ChoiceField(choices=[(role, role) for role in ROLES])


class RollBackForm(forms.Form):
    """Whose edits to roll back, on which branch, since when."""

    since = forms.CharField(
        max_length=40, help_text="A date (2026-03-01), p123 or c45: what came after it."
    )
    branch = forms.CharField(max_length=60, initial="main", required=False)
