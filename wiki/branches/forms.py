"""The forms of branches: to fork one, and to say what it is called and for."""

from typing import Any

from django import forms

from wiki.branches.naming import LONGEST, Naming, read_naming
from wiki.fields.letter_forms import LettersForm


class BranchForm(LettersForm):
    """What a branch is called, and what it is for."""

    name = forms.CharField(
        max_length=LONGEST,
        help_text="As you would say it: My Alton Towers tidy-up. Its address follows from that.",
    )
    description = forms.CharField(
        max_length=2_000,
        required=False,
        label="What it is for",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @property
    def naming(self) -> Naming:
        """What was typed as the name, of a form that is valid."""
        naming: Naming = self.cleaned_data["naming"]
        return naming

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "name" in cleaned and "name" not in self.errors:
            try:
                cleaned["naming"] = read_naming(cleaned["name"])
            except forms.ValidationError as refusal:
                self.add_error("name", refusal)
        return cleaned


class ForkForm(BranchForm):
    """The same of a new branch, and where it leaves its parent."""

    parent = forms.CharField(max_length=60, initial="main", required=False)
    at = forms.CharField(
        max_length=40,
        required=False,
        label="From which moment",
        help_text="A date (2026-03-01), p123 or c45. Empty: from now.",
    )
    is_private = forms.BooleanField(
        required=False,
        label="Private",
        help_text="You alone see it, and whom you invite; moderators and administrators too.",
    )
