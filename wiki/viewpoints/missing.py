"""The answer to an address whose moment or branch there is not."""

from django.http import HttpRequest, HttpResponse

from wiki.requests.refusals import RequestRefused

ADDRESS = "/no-such-viewpoint/"
"""Where the middleware sends what it cannot place; nobody links there."""


class NoSuchViewpoint(RequestRefused):
    code = "no-such-viewpoint"
    status = 404
    title = "There is no such moment or branch"
    sentence = "The address begins with a moment or a branch that this wiki does not have."
    hint = "Look for it among the branches, or go to a day by the form on the front page."


def missing(request: HttpRequest) -> HttpResponse:
    """Say what is wrong with the address, in the words of whoever read it."""
    links = [("Branches", "/branches/"), ("Recent changes", "/changes/")]
    raise NoSuchViewpoint(getattr(request, "no_viewpoint", ""), links=links)
