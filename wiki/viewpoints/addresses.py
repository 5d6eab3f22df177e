"""Between viewpoints and the first part of addresses: `/~branch/`, `/@when/`, `/~branch@when/`."""

from django.http import HttpRequest
from django.urls import get_script_prefix

from versioning.models import Branch
from versioning.viewpoints.chain import HEAD_OF_MAIN, MAIN_NAME, Viewpoint
from versioning.viewpoints.names import name_of
from wiki.requests.refusals import RequestRefused


class OnlyHeadsAreWritten(RequestRefused):
    """A command was sent to the past, or to a merge that was not made."""

    code = "only-heads-are-written"
    status = 409
    title = "This can only be looked at"
    sentence = "The past cannot be changed, and a preview is not a branch."
    hint = "Open the page at the head of a branch to change it there."


def prefix_of(seen: Viewpoint) -> str:
    """The first part of an address at a viewpoint: `/~spring@p12/`, or `/`."""
    return prefix_named(name_of(seen)) if seen != HEAD_OF_MAIN else "/"


def prefix_named(name: str) -> str:
    """The same for a viewpoint by its name; `main` alone needs none."""
    if name == HEAD_OF_MAIN.name:
        return "/"
    return f"/{name}/" if name.startswith("@") else f"/~{name}/"


def prefix_at(seen: Viewpoint, when: str | None) -> str:
    """The same for the branch that one is on, at a moment; None is its head."""
    return prefix_on(seen.name, when)


def prefix_on(branch: str, when: str | None) -> str:
    """The same for a branch by its name, at a moment; None is its head."""
    name = branch if branch != MAIN_NAME or when is None else ""
    return prefix_named(name + (f"@{when}" if when else ""))


def viewpoint_of(request: HttpRequest) -> Viewpoint:
    """The viewpoint that a request's address names."""
    seen: Viewpoint = getattr(request, "viewpoint", HEAD_OF_MAIN)
    return seen


def path_here(request: HttpRequest) -> str:
    """A page's address behind its viewpoint, with all that it asks: the same page elsewhere."""
    query = request.META.get("QUERY_STRING", "")
    return request.path_info + (f"?{query}" if query else "")


def moved_to(prefix: str, address: str) -> str:
    """An address of this viewpoint at the one that a prefix names."""
    return prefix + address.removeprefix(get_script_prefix()).lstrip("/")


def branch_to_write(request: HttpRequest) -> Viewpoint:
    """The branch that a command at this address acts on. Raises OnlyHeadsAreWritten."""
    seen = viewpoint_of(request)
    if seen.is_past or seen.is_preview:
        raise OnlyHeadsAreWritten(links=[("The same at the head of main", request.path_info)])
    return seen


def name_of_branch(number: int, seen: Viewpoint) -> str | None:
    """What a branch is called where one looks from; None where there is no such branch yet.

    A branch's own fork lies behind what it inherits, so that it does not find itself. Cost: one
    query for another branch than one's own.
    """
    if number == seen.branch:
        return seen.name
    return Branch.objects.filter(number=number).values_list("name", flat=True).first()
