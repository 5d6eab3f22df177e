"""The form of a kind: read off its model, so that a new field needs nothing here."""

from functools import cache
from typing import Any, Self

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.forms.models import modelform_factory
from django.utils.functional import cached_property

from versioning.entities.kinds import Document, kind_of
from versioning.entities.references import References
from versioning.fields.item_forms import ItemsFormField
from versioning.fields.items import Items, ItemsField, ReferencePart, ReferencesPart
from versioning.merge import same
from wiki.fields.letter_forms import LettersForm
from wiki.forms.checks import check_of
from wiki.forms.field_groups import FieldGroup, groups_in, invited
from wiki.forms.form_fields import NamingField, PageField, PageListField, PagesInput
from wiki.pages.addresses import address_of, check_address
from wiki.pages.models import Page
from wiki.pages.rules import Broken
from wiki.pages.values import label_of

NEVER_CITED = frozenset({"body", "citations"})
"""The text cites by itself."""


class PageForm(LettersForm, forms.ModelForm):  # type: ignore[type-arg]
    """Every field of a page but its address, which a rename changes, and a summary of the edit.

    `base` is the version that the form began from.
    """

    base = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, references: dict[str, list[Any]], **options: Any) -> None:
        self.references_before = references
        super().__init__(*args, **options)
        for name, targets in references.items():
            self.initial.setdefault(name, targets)
        self.fields["despite"] = forms.CharField(
            required=False,
            max_length=300,
            label="Save it all the same, because",
            help_text="Say what the warnings do not know. It is kept with the edit.",
        )
        self.fields["summary"] = forms.CharField(
            required=False, max_length=300, help_text="What you changed, and why."
        )
        self.warnings: list[Broken] = []
        self.changed_before: list[str] = []
        for name, field in self.fields.items():
            self._prepare(name, field)

    def _prepare(self, name: str, field: forms.Field) -> None:
        """Tell a field the pages that it begins with, and a list that its buttons are answered."""
        match field:
            case ItemsFormField():
                field.widget.has_buttons = True
                for part, of in field.parts.items():
                    if isinstance(of, NamingField):
                        of.known_ids = _named_in(getattr(self.instance, name), part)
            case PageListField():
                field.known_ids = self.references_before.get(name, ())
            case PageField():
                pk = getattr(self.instance, f"{name}_id", None)
                field.known_ids = [pk] if pk else ()

    @property
    def _lists(self) -> dict[str, ItemsFormField]:
        return {n: field for n, field in self.fields.items() if isinstance(field, ItemsFormField)}

    @property
    def is_rearranged(self) -> bool:
        """Whether a button of a list sent the form: it is to come back with its rows so."""
        return any(
            field.widget.is_rearranged(self.data, self.add_prefix(name))
            for name, field in self._lists.items()
        )

    def begun_again(self) -> Self:
        """A form that begins with what was typed: nothing of it is checked, or lost."""
        typed = {bound.name: bound.data for bound in self}
        form = type(self)(instance=self.instance, references=self.references_before, initial=typed)
        form.changed_before = self.changed_so_far
        return form

    @property
    def changed_so_far(self) -> list[str]:
        """The names of the fields that say something else than the page."""
        return self.changed_data if self.is_bound else self.changed_before

    @property
    def is_read(self) -> bool:
        """Whether each field says something, be it all together contradictory."""
        return set(self.errors) <= {NON_FIELD_ERRORS}

    @property
    def overridden(self) -> dict[str, Any]:
        """What the changeset keeps of warnings that were overridden."""
        if not self.warnings:
            return {}
        sentences = " ".join(broken.sentence for broken in self.warnings)
        return {"saved_despite": sentences, "because": self.cleaned_data["despite"]}

    def _check_rules(self) -> None:
        """Refuse what the changed facts contradict; warnings, where no reason is given."""
        broken = list(self.instance.broken_rules(self.changed_data))
        for each in broken:
            if not each.rule.is_warning:
                self.add_error(None, each.sentence)
        self.warnings = [each for each in broken if each.rule.is_warning]
        if self.warnings and not self.cleaned_data.get("despite", "").strip():
            for each in self.warnings:
                self.add_error(
                    None, f"{each.sentence} Correct it, or say below why it is right all the same."
                )

    @property
    def groups(self) -> list[FieldGroup]:
        """The groups of facts that are asked of such a page."""
        return [group for group in self._groups if group.fits]

    @property
    def other_groups(self) -> list[FieldGroup]:
        """Those of other categories, folded away."""
        return [group for group in self._groups if not group.fits]

    @property
    def invited(self) -> list[forms.BoundField]:
        """Facts that nobody has told yet."""
        return invited(type(self.instance), self._groups, self._document)

    @cached_property
    def _groups(self) -> list[FieldGroup]:
        return groups_in(self, self._document)

    @property
    def _document(self) -> Document:
        return {**kind_of(type(self.instance)).full({}), **self.instance.values_to_save()}

    @property
    def list_fields(self) -> list[forms.BoundField]:
        """Milestones and citations, below the text."""
        return [self[name] for name in ("milestones", "citations") if name in self.fields]

    def clean(self) -> dict[str, Any]:
        """What says the same as before is as it was: browsers write letters in forms of theirs."""
        cleaned = super().clean()
        for name, typed in cleaned.items():
            before = self.initial.get(name)
            if isinstance(typed, str) and isinstance(before, str) and same(typed, before):
                cleaned[name] = before
        return cleaned

    def clean_body(self) -> str:
        """The text with the line ends that it had: browsers send their own."""
        text: str = self.cleaned_data["body"].replace("\r\n", "\n")
        before = self.initial.get("body") or ""
        if "\r\n" in before and "\n" not in before.replace("\r\n", ""):
            return text.replace("\n", "\r\n")
        return text

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        for name, before in self.references_before.items():
            if name in self.cleaned_data:
                targets = [page.pk for page in self.cleaned_data[name]]
                self.instance.assign_references(name, targets, before=before)
        if not self.errors:
            self._check_rules()

    def _save_m2m(self) -> None:
        """References were saved with everything else, as one version."""


def _named_in(items: Items, part: str) -> set[str]:
    """The ids of the pages that a part of some items names."""
    return {each for item in items for each in item.parts[part].named(getattr(item, part))}


class NewPageForm(PageForm):
    """A page that is not there yet: its address follows from its name, unless one is given."""

    identity = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_slug(self) -> str:
        given: str = self.cleaned_data["slug"]
        slug = given or address_of(self.cleaned_data.get("name", ""))
        if not slug and self.cleaned_data.get("name"):
            raise ValidationError(
                "No address can be made from this name. Give one, such as kestrel."
            )
        return check_address(slug)


class RenameForm(LettersForm, forms.ModelForm):  # type: ignore[type-arg]
    """Another name, another address, or both."""

    relink = forms.BooleanField(
        required=False, initial=True, label="Let links in other pages’ texts follow"
    )
    keep_name = forms.BooleanField(
        required=False,
        initial=True,
        label="Keep the name that it has now among its former names",
        help_text="The page is then still found by it. Not needed if the name was only misspelt.",
    )
    summary = forms.CharField(required=False, max_length=300, help_text="Why you rename the page.")

    def clean_slug(self) -> str:
        return check_address(self.cleaned_data["slug"])


@cache
def new_form(model: type[Page]) -> Any:
    """The form class of a new page."""
    form = _form(model, NewPageForm, ["name", "slug", *facts(model), "body"])
    form.base_fields["slug"].required = False
    form.base_fields["slug"].help_text = "Leave it empty to have it made from the name."
    return form


@cache
def edit_form(model: type[Page]) -> Any:
    """The form class of a page that is there."""
    return _form(model, PageForm, ["name", *facts(model), "body"])


def rename_form(model: type[Page]) -> Any:
    """The form class of a rename."""
    return modelform_factory(model, form=RenameForm, fields=["name", "slug"])


def facts(model: type[Page]) -> list[str]:
    """The names of what a form tells of a page besides its name and its text."""
    own = kind_of(model).fields
    return [name for name in own if name not in ("slug", "name", "body")]


def checked_alone(model: type[Page]) -> list[str]:
    """The facts that are checked when they are left: a list of items says more than one thing."""
    fields = kind_of(model).fields
    return [n for n in facts(model) if not isinstance(fields[n].model_field, ItemsField)]


def form_of_fields(model: type[Page], base: type[PageForm], names: list[str]) -> Any:
    """The form class of some fields of a kind."""
    return modelform_factory(model, form=base, fields=names, formfield_callback=_form_field)


def _form(model: type[Page], base: type[PageForm], names: list[str]) -> Any:
    form = form_of_fields(model, base, names)
    for name in checked_alone(model):
        if isinstance(form.base_fields[name], PageListField):
            form.base_fields[name].widget = PagesInput(form.base_fields[name].model)
        form.base_fields[name].check = check_of(model, name)
    # What a citation is of is one of the page's own facts.
    fields = kind_of(model).fields
    facts = [(name, label_of(fields[name])) for name in names if name not in NEVER_CITED]
    citations = form.base_fields["citations"]
    assert isinstance(citations, ItemsFormField)
    citations.take_part("field", forms.ChoiceField(label="Fact", choices=facts))
    return form


def _form_field(field: Any, **options: Any) -> forms.Field | None:
    if isinstance(field, ItemsField):
        items: forms.Field = field.formfield(part_field=_form_field)
        return items
    related = field.target_model if isinstance(field, ReferencePart) else field.related_model
    if isinstance(related, type) and issubclass(related, Page):
        several = isinstance(field, References | ReferencesPart)
        kind_of_field = PageListField if several else PageField
        return kind_of_field(
            related,
            required=not field.blank,
            label=str(field.verbose_name).capitalize(),
            help_text=field.help_text or ("Their names." if several else "Its name."),
        )
    if isinstance(field, ArrayField) and field.base_field.choices:
        return forms.MultipleChoiceField(
            choices=field.base_field.choices,
            widget=forms.CheckboxSelectMultiple,
            required=not field.blank,
            label=str(field.verbose_name).capitalize(),
        )
    if isinstance(field, models.TextField) and not options.get("widget"):
        # A text is kept to the last newline.
        options |= {"widget": forms.Textarea(attrs={"rows": 18}), "strip": False}
    found: forms.Field | None = field.formfield(**options)
    return found
