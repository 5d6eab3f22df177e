"""The one resolver: every text that names a viewpoint becomes one here.

`main`, `spring-refresh`, `@2026-03-01`, `spring-refresh@p120`; and
`main+spring-refresh`, main as merging that branch would leave it. Addresses,
forms, `from` and `to`, the API and commands all come through it.
"""

import re
from dataclasses import dataclass, replace

from versioning.viewpoints.chain import MAIN_NAME, NoSuchBranch, Viewpoint, resolve
from versioning.viewpoints.moments import Moment, read_moment

_BRANCH = r"[a-z][a-z0-9-]{0,59}"
_NAME = re.compile(
    rf"(?P<branch>{_BRANCH})?(?:\+(?P<merging>{_BRANCH})|@(?P<when>[0-9A-Za-z:.+-]{{1,40}}))?",
    re.ASCII,
)


@dataclass(frozen=True)
class NamedViewpoint:
    """A viewpoint, the moment that its name gave (None for a head), the branch to merge in."""

    viewpoint: Viewpoint
    moment: Moment | None
    merging: str | None = None


def read_name(text: str) -> NamedViewpoint:
    """What a text names: a viewpoint, or a merge to preview. Raises NoSuchBranch, NoSuchMoment."""
    match = _NAME.fullmatch(text)
    if not text or match is None:
        raise NoSuchBranch(f"There is no branch called {text!r}.")
    moment = read_moment(match["when"]) if match["when"] else None
    seen = resolve(match["branch"] or MAIN_NAME, moment.position if moment else None)
    if moment:
        seen = replace(seen, recorded_at=moment.recorded_at)
    return NamedViewpoint(seen, moment, match["merging"])


def read_viewpoint(text: str) -> Viewpoint:
    """The viewpoint that a text names, no preview. Raises NoSuchBranch, NoSuchMoment."""
    named = read_name(text)
    if named.merging:
        raise NoSuchBranch(f"{text!r} is a preview of a merge.", "Name a branch or a moment.")
    return named.viewpoint


def merge_name(target: str, branch: str) -> str:
    """The text that names a merge that was not made."""
    return f"{target}+{branch}"


def name_of(seen: Viewpoint) -> str:
    """The canonical text of a viewpoint: `main`, `spring`, `@p12`, `spring@p12`."""
    when = f"@p{seen.position}" if seen.is_past else ""
    branch = "" if when and seen.name == MAIN_NAME else seen.name
    return branch + when
