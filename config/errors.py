"""Error pages in the site's look.

They query nothing: after a database error a query here would run at main's head, whatever the
viewpoint was, and would fail if the database is away.
"""

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template


def error_page(status: int, context: dict[str, object] | None = None) -> HttpResponse:
    """The page of a status, `templates/STATUS.html`, without any request's context."""
    return HttpResponse(get_template(f"{status}.html").render(context or {}), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(404)


def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_page(403, {"is_csrf_failure": True})
