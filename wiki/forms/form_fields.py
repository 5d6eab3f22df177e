"""Form fields that name other pages: by name or by address, never by a list of thousands."""

from collections import Counter
from collections.abc import Collection, Mapping
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


class PagesInput(forms.Textarea):
    """A line for each page; a list to add to and to take from, where there is JavaScript."""

    template_name = "components/pages_input.html"

    def __init__(self, model: type[Page]) -> None:
        super().__init__(attrs={"rows": 3})
        self.model = model

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        more = f"{name}-more"
        context["more"] = PageInput(self.model).get_context(more, None, {"id": f"id_{more}"})
        return context


class NamingField(forms.Field):
    """A field that names pages of a kind. Those that a form begins with are told by their names."""

    model: type[Page]
    known_ids: Collection[Any] = ()
    """The pages that the form begins with; any other is told by its address."""

    @property
    def known(self) -> Mapping[str, Page]:
        """By what each is called in the form: its name, or its address where two have one name.

        Cost: one query, for each form.
        """
        ids = frozenset(map(str, self.known_ids))
        if self._read is None or self._read[0] != ids:
            pages = list(self.model._default_manager.filter(pk__in=ids)) if ids else []
            names = Counter(page.name for page in pages)
            told = {page.name if names[page.name] == 1 else page.slug: page for page in pages}
            self._read = (ids, told)
        return self._read[1]

    _read: tuple[frozenset[str], Mapping[str, Page]] | None = None

    def told(self, page: Page) -> str:
        """What a page is called in the form."""
        return next((text for text, each in self.known.items() if each == page), page.slug)

    def _slugs(self, ids: Collection[Any]) -> dict[Any, str]:
        """The addresses of pages by id, as it was given. Cost: a query where there is any."""
        if not ids:
            return {}
        rows = self.model._default_manager.filter(pk__in=ids).values_list("pk", "slug")
        found = {str(pk): slug for pk, slug in rows}
        return {each: found[str(each)] for each in ids if str(each) in found}

    def meant(self, text: str) -> Page:
        """The page that a text names. Raises ValidationError."""
        return self.known.get(text) or _the_page(self.model, text)


class PageField(NamingField):
    """One page of a kind, by its exact name or its address."""

    def __init__(self, model: type[Page], **options: Any) -> None:
        self.model = model
        super().__init__(widget=PageInput(model), **options)

    def prepare_value(self, value: Any) -> Any:
        """What the page is called that a form begins with; what was typed, as it was typed."""
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, Page):
            return self.told(value)
        known = {page.pk: text for text, page in self.known.items()}
        return known.get(value) or self._slugs([value]).get(value)

    def to_python(self, value: Any) -> Page | None:
        """The page that was meant. Raises ValidationError."""
        text = str(value or "").strip()
        return self.meant(text) if text else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another page is named: the same one may be told by its name or its address."""
        before, typed = self.prepare_value(initial) or "", data or ""
        page = self.known.get(before)
        return typed != before and (page is None or typed != page.slug)


class PageListField(NamingField):
    """Several pages of a kind, each on a line of its own, in their order."""

    def __init__(self, model: type[Page], **options: Any) -> None:
        self.model = model
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), **options)

    def prepare_value(self, value: Any) -> Any:
        """What the pages are called that a form begins with; what was typed, as it was typed."""
        if value is None or isinstance(value, str):
            return value
        if all(isinstance(each, Page) for each in value):
            return "\n".join(self.told(each) for each in value)
        ids = [str(getattr(each, "pk", each)) for each in value]
        told = {str(page.pk): text for text, page in self.known.items()}
        told |= self._slugs(set(ids) - told.keys())
        return "\n".join(told[each] for each in ids if each in told)

    def to_python(self, value: Any) -> list[Page]:
        """The pages that were meant. Raises ValidationError."""
        return list(dict.fromkeys(self.meant(line) for line in _lines(value)))

    def has_changed(self, initial: Any, data: Any) -> bool:
        before, typed = (_lines(self.prepare_value(each)) for each in (initial, data))
        return before != typed


def _lines(text: Any) -> list[str]:
    """What stands in the lines of a text; empty ones say nothing."""
    lines = (line.strip() for line in str(text or "").split("\n"))
    return [line for line in lines if line]


def _the_page(model: type[Page], text: str) -> Page:
    named = model._meta.verbose_name
    if "\0" in text:
        raise ValidationError("A name cannot contain a NUL character.")
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
