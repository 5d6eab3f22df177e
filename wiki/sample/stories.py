"""The sample's stories, as steps: `stories/*.toml`, one file a story, which anybody can read.

    [[step]]
    on = 2022-03-04T18:12:00Z
    by = "metric-mina"
    why = "In metres"
    edit = [{ page = "rides/kingda-ka", set = { height = "139 m" } }]

A page that a value names stands there by its address (`park = "/parks/kennywood/"`). In the place
of `edit` (with `branch`, where it is not main) stand `fork` with a `title` and a `description`,
`comment`, `propose`, `merge`, `archive`, each with a branch, or `revert` with the `name` of a step.
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from wiki.sample.steps import (
    Act,
    Archive,
    Comment,
    Edit,
    Fork,
    Merge,
    PageEdit,
    Proposal,
    Revert,
    Step,
)

STORIES = Path(__file__).parent / "stories"


def stories() -> Iterator[Step]:
    """The steps of every story."""
    for path in sorted(STORIES.glob("*.toml")):
        for told in tomllib.loads(path.read_text(encoding="utf-8"))["step"]:
            yield Step(told["on"], told["by"], told["why"], _act(told), told.get("name", ""))


def _act(told: Mapping[str, Any]) -> Act:
    match told:
        case {"edit": pages}:
            return Edit([_page_edit(page) for page in pages], told.get("branch", "main"))
        case {"fork": branch, "title": title, "description": description}:
            return Fork(branch, title, description)
        case {"comment": branch}:
            return Comment(branch)
        case {"propose": branch}:
            return Proposal(branch)
        case {"merge": branch}:
            return Merge(branch)
        case {"archive": branch}:
            return Archive(branch)
        case {"revert": step}:
            return Revert(step)
    raise ValueError(f"The step of {told['on']} says of nothing that it was done.")


def _page_edit(told: Mapping[str, Any]) -> PageEdit:
    before, after = told.get("passage", ("", ""))
    return PageEdit(
        told["page"],
        told.get("name", ""),
        told.get("body"),
        (before, after) if before else None,
        told.get("set", {}),
        told.get("elements", ()),
        {name: cited(text) for name, text in told.get("cite", {}).items()},
    )


def cited(text: str) -> tuple[str, str]:
    """A source's address, and the place in it: `wikipedia, Kingda Ka`."""
    source, _, place = text.partition(", ")
    return source, place
