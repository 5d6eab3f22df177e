"""What the sample's edits do to pages."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from wiki.kinds.elements import Element
from wiki.kinds.registry import KINDS
from wiki.kinds.rides.figures import Track
from wiki.kinds.sources import Source
from wiki.pages.citations import Citation
from wiki.pages.models import Page
from wiki.sample.steps import PageEdit

_ADDRESS: Final = re.compile(r"/(\w+)/([\w-]+)/")
"""Of a page that a value names."""


class Editor:
    """Changes pages; knows those that it named before, for a source is cited many times."""

    def __init__(self) -> None:
        self._keys: dict[tuple[type[Page], str], str] = {}

    def edit(self, edit: PageEdit) -> None:
        """Change a page, or make it. Raises LookupError where it lacks what was to go."""
        plural, slug = edit.page.split("/")
        model: Any = KINDS[plural]
        page = model.objects.filter(slug=slug).first() or model(slug=slug)
        page.name = edit.name or page.name
        if edit.body is not None:
            page.body = edit.body
        if edit.passage is not None:
            page.body = _rewritten(page.body, *edit.passage, page=edit.page)
        for name, value in edit.values.items():
            self._set(page, name, value)
        if edit.elements:
            page.tracks = [Track("1", elements=[self._key(Element, e) for e in edit.elements])]
        if edit.sources:
            page.citations = [*page.citations, *self._citations(edit.sources)]
        page.save()

    def _set(self, page: Page, name: str, value: Any) -> None:
        """Give a field a value. A list of references is an edit of a page that there is."""
        field: Any = page._meta.get_field(name)
        if field.many_to_many:
            getattr(page, name).set(self._with_keys(value))
        else:
            setattr(page, field.attname, self._with_keys(value))

    def _with_keys(self, value: Any) -> Any:
        """A value with the key of each page that it names by its address."""
        match value:
            case dict():
                return {name: self._with_keys(each) for name, each in value.items()}
            case list():
                return [self._with_keys(each) for each in value]
            case str() if named := _ADDRESS.fullmatch(value):
                return self._key(KINDS[named[1]], named[2])
        return value

    def _citations(self, sources: Mapping[str, tuple[str, str]]) -> Iterator[Citation]:
        for name, (slug, place) in sources.items():
            source = self._key(Source, slug)
            yield Citation(f"{name}-{slug}"[:40], field=name, source=source, place=place)

    def _key(self, model: type[Page], slug: str) -> str:
        if (model, slug) not in self._keys:
            self._keys[model, slug] = str(model._default_manager.get(slug=slug).pk)
        return self._keys[model, slug]


def _rewritten(body: str, before: str, after: str, page: str) -> str:
    if before not in body:
        raise LookupError(f"The text of {page} does not say {before!r} any more.")
    return body.replace(before, after)
