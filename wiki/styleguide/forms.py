"""A form in its states: what is asked, explained, refused, chosen and looked up."""

from django import forms

from wiki.forms.form_fields import PagesInput
from wiki.kinds.parks import Park

KINDS = [("wood", "Wood"), ("steel", "Steel"), ("hybrid", "Hybrid")]

SENT = {
    "name": "",
    "height": "very high",
    "material": "steel",
    "is_standing": "on",
    "parks": "Alton Towers\nCedar Point",
    "body": "It **flies**.",
}
"""What somebody has put into it; the first two are refused."""


class ExampleForm(forms.Form):
    """Fields of each sort."""

    name = forms.CharField(max_length=100)
    height = forms.IntegerField(help_text="With its unit: 325 ft, or 99 m.", required=False)
    material = forms.ChoiceField(choices=KINDS, required=False)
    is_standing = forms.BooleanField(required=False)
    parks = forms.CharField(widget=PagesInput(Park), help_text="Their names.", required=False)
    body = forms.CharField(label="Text", widget=forms.Textarea(attrs={"rows": 6}), required=False)
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
