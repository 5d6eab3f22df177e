"""What is the same for all who may read a viewpoint: it asks for nobody's session."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from versioning.viewpoints.readers import reading_alike
from wiki.viewpoints.addresses import viewpoint_of

View = Callable[..., HttpResponse]


def alike(view: View) -> View:
    """A view that shows members of private branches no more than others at the same viewpoint."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with reading_alike(branch for branch, _ in viewpoint_of(request).chain):
            return view(request, *args, **kwargs)

    return answer
