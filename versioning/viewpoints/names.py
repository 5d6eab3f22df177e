"""The one resolver: every text that names a viewpoint becomes one here.

`main`, `spring-refresh`, `@2026-03-01`, `spring-refresh@p120`. Addresses,
forms, `from` and `to`, the API and commands all come through it.
"""

import re
from dataclasses import dataclass

from versioning.viewpoints.chain import MAIN_NAME, NoSuchBranch, Viewpoint, resolve
from versioning.viewpoints.moments import Moment, read_moment

_NAME = re.compile(
    r"(?P<branch>[a-z][a-z0-9-]{0,59})?(?:@(?P<when>[0-9A-Za-z:.+-]{1,40}))?", re.ASCII
)


@dataclass(frozen=True)
class NamedViewpoint:
    """A viewpoint, and the moment that its name gave (None for a head)."""

    viewpoint: Viewpoint
    moment: Moment | None


def read_name(text: str) -> NamedViewpoint:
    """The viewpoint that a text names. Raises NoSuchBranch, NoSuchMoment."""
    match = _NAME.fullmatch(text)
    if not text or match is None:
        raise NoSuchBranch(f"There is no branch called {text!r}.")
    moment = read_moment(match["when"]) if match["when"] else None
    seen = resolve(match["branch"] or MAIN_NAME, moment.position if moment else None)
    return NamedViewpoint(seen, moment)


def read_viewpoint(text: str) -> Viewpoint:
    """The viewpoint that a text names. Raises NoSuchBranch, NoSuchMoment."""
    return read_name(text).viewpoint


def name_of(seen: Viewpoint) -> str:
    """The canonical text of a viewpoint: `main`, `spring`, `@p12`, `spring@p12`."""
    when = f"@p{seen.position}" if seen.is_past else ""
    branch = "" if when and seen.name == MAIN_NAME else seen.name
    return branch + when
