"""Forms as a browser would send them: everything that was filled in, back to the server."""

from html.parser import HTMLParser
from typing import Any

UNSENT = {"submit", "button", "image", "file", "reset"}
"""Inputs that send nothing unless they are pressed."""


class Form(HTMLParser):
    """The fields of the form with the most of them, which is the one that a page is about."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._forms: list[dict[str, str]] = []
        self._writing = ""
        """The name of the text area or choice that is open."""
        self.feed(page)
        self.close()

    @property
    def fields(self) -> dict[str, str]:
        return max(self._forms, key=len, default={})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said: dict[str, Any] = dict(attrs)
        name, value = said.get("name") or "", said.get("value")
        if tag == "form":
            self._forms.append({})
        elif not self._forms:
            return
        elif tag == "input" and name and said.get("type") not in UNSENT:
            if said.get("type") not in {"checkbox", "radio"} or "checked" in said:
                self._fill(name, value or "")
        elif tag in {"textarea", "select"}:
            self._writing = name
            self._fill(name, "")
        elif tag == "option" and self._writing and "selected" in said:
            self._fill(self._writing, value or "")

    def handle_data(self, data: str) -> None:
        if self._writing and self.lasttag == "textarea":
            self._fill(self._writing, self._forms[-1][self._writing] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"textarea", "select"}:
            self._writing = ""

    def _fill(self, name: str, value: str) -> None:
        self._forms[-1][name] = value
