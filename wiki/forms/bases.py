"""Which version a form began from, as the form brings it along: its number, and its branch.

The numbers of branches run beside each other, so that the number alone would fit another version on
another branch.
"""

import re
from typing import Any

from wiki.pages.models import Page

_BASE = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")


def base_of(page: Page) -> str:
    """What a form that begins from a page brings along."""
    return f"{page.version}-{page.on_branch}"


def version_told(page: Page, base: str) -> Any | None:
    """The version of a page that a form began from; None where the page has none such here."""
    match = _BASE.fullmatch(base)
    if match is None:
        return None
    version, branch = map(int, match.groups())
    history: Any = page.history  # type: ignore[attr-defined]  # of each kind by itself
    return history.all().filter(version=version, branch_number=branch, deleted=False).first()
