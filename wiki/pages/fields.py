"""Form fields that name other pages: by address or by name, never by a list of thousands."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from wiki.pages.models import Page


class PageInput(forms.TextInput):
    """A line to type an address or a name in; suggestions come where there is JavaScript."""

    template_name = "components/page_input.html"

    def __init__(self, model: type[Page], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.model = model

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["options_id"] = f"options_{name}"
        context["options_address"] = (
            reverse("options", kwargs={"plural": self.model.plural}) + f"?of={name}"
        )
        return context


class PageField(forms.Field):
    """One page of a kind, by its address or its exact name."""

    def __init__(self, model: type[Page], **options: Any) -> None:
        self.model = model
        super().__init__(widget=PageInput(model), **options)

    def prepare_value(self, value: Any) -> Any:
        """The address of the page that a form begins with; what was typed, as it was typed."""
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, Page):
            return value.slug
        return self.model._default_manager.filter(pk=value).values_list("slug", flat=True).first()

    def to_python(self, value: Any) -> Page | None:
        """The page that was meant. Raises ValidationError."""
        text = str(value or "").strip()
        return _the_page(self.model, text) if text else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial) != data)


class PageListField(forms.Field):
    """Several pages of a kind, each on a line of its own, in their order."""

    def __init__(self, model: type[Page], **options: Any) -> None:
        self.model = model
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), **options)

    def prepare_value(self, value: Any) -> Any:
        """The addresses of the pages that a form begins with; what was typed, as it was typed."""
        if value is None or isinstance(value, str):
            return value
        if all(isinstance(each, Page) for each in value):
            return "\n".join(each.slug for each in value)
        ids = [getattr(each, "pk", each) for each in value]
        slugs = {
            str(pk): slug
            for pk, slug in self.model._default_manager.filter(pk__in=ids).values_list("pk", "slug")
        }
        return "\n".join(slugs[str(each)] for each in ids if str(each) in slugs)

    def to_python(self, value: Any) -> list[Page]:
        """The pages that were meant. Raises ValidationError."""
        lines = [line.strip() for line in str(value or "").split("\n")]
        pages = [_the_page(self.model, line) for line in lines if line]
        return list(dict.fromkeys(pages))


def _the_page(model: type[Page], text: str) -> Page:
    named = model._meta.verbose_name
    if "\0" in text:
        raise ValidationError("A name holds no NUL.")
    by_slug = model._default_manager.filter(slug=text).first()
    if by_slug is not None:
        return by_slug
    by_name = list(model._default_manager.filter(name__iexact=text)[:2])
    if len(by_name) == 1:
        return by_name[0]
    if by_name:
        raise ValidationError(
            f"Several pages are called {text!r}. Give the address of one: the last part of it, "
            f"such as {by_name[0].slug!r} or {by_name[1].slug!r}."
        )
    raise ValidationError(
        f"There is no {named} called {text!r} here. Give its name as it is on its page, or make "
        "its page first."
    )
