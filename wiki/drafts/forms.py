"""What a form has to know of its drafts: the one to go on with, and where to keep the next."""

from typing import Any

from django.http import Http404, HttpRequest

from wiki.drafts.keeping import draft_of, draft_to_take_up, others_type
from wiki.drafts.models import Draft
from wiki.drafts.subjects import Subject
from wiki.requests.numbers import read_number


def draft_asked_for(request: HttpRequest, subject: Subject | None) -> Draft | None:
    """The draft that an address asks to go on with (`?draft=12`). Raises Http404."""
    if subject is None or request.method == "POST" or "draft" not in request.GET:
        return None
    number = read_number(request.GET["draft"])
    draft = draft_to_take_up(request.user, subject, number) if number else None
    if draft is None:
        raise Http404("You have no such draft of this page: it was saved, or discarded.")
    return draft


def drafting(request: HttpRequest, subject: Subject | None) -> dict[str, Any]:
    """What the template of a form says of drafts. Cost: two queries where it is opened anew."""
    if subject is None:
        return {}
    is_opened = request.method != "POST" and "draft" not in request.GET
    account_id = request.user.pk
    assert account_id is not None
    return {
        "subject": subject,
        "place_in_browser": subject.place_in_browser(account_id),
        "draft": draft_of(request.user, subject) if is_opened else None,
        "others_type": is_opened and others_type(request.user, subject),
    }
