"""What every page says of its viewpoint: which moment and branch this is, and the way back."""

from typing import Any

from django.http import HttpRequest

from versioning.viewpoints.chain import MAIN_NAME, Viewpoint
from wiki.viewpoints.addresses import path_here, viewpoint_of


def viewpoint_context(request: HttpRequest) -> dict[str, Any]:
    """For every template: the viewpoint and its banner. Asks nothing of the database."""
    seen = viewpoint_of(request)
    told = {"viewpoint": seen, "path_here": path_here(request)}
    if seen.is_head_of_main:
        return {**told, "is_writable": True}
    on_branch = seen.name != MAIN_NAME and not seen.is_preview
    return {
        **told,
        "is_writable": not seen.is_past and not seen.is_preview and seen.is_open,
        "banner": {
            "kind": (kind := _kind(seen, on_branch)),
            "icon": f"img/favicon-{kind}.svg",
            "title": _title(seen),
            "branch": seen.name if on_branch else "",
            "merge": seen.name.split("+") if seen.is_preview else [],
            "is_past": seen.is_past,
            "position": seen.position,
            "moment": seen.recorded_at,
            "back": told["path_here"],
        },
    }


def _kind(seen: Viewpoint, on_branch: bool) -> str:
    if seen.is_preview:
        return "preview"
    if seen.is_past:
        return "both" if on_branch else "past"
    return "branch"


def _title(seen: Viewpoint) -> str:
    if seen.is_preview:
        target, branch = seen.name.split("+")
        return f"Preview: {target}, with {branch} merged in"
    branch = "" if seen.name == MAIN_NAME else f"Branch {seen.name}"
    if not seen.is_past:
        return branch
    when = "as it was on" if seen.position else "before anything was written"
    return f"{branch}, {when}" if branch else f"The wiki {when}"
