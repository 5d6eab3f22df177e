"""Error pages: in the site's look, whatever the error, and without a query."""

import pytest
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, HttpResponseNotAllowed
from django.test import Client, RequestFactory

from config.errors import ERROR_TEXTS, ErrorPageMiddleware, bad_request, csrf_failure, error_page

# No test here asks for the database, so that a query would fail it.


@pytest.mark.parametrize("status", ERROR_TEXTS)
def test_each_error_says_what_happened_and_what_to_do(rf: RequestFactory, status: int) -> None:
    response = error_page(rf.get("/"), status)
    page = response.content.decode()
    assert response.status_code == status
    for words in (ERROR_TEXTS[status].title, ERROR_TEXTS[status].remedy, "site-header"):
        assert words in page


def test_an_unknown_address_is_answered_in_the_sites_look(client: Client) -> None:
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert b"site-header" in response.content
    assert "Content-Security-Policy" in response.headers


def test_an_error_page_sets_no_cookie_and_holds_no_token(client: Client) -> None:
    response = client.get("/no-such-page/")
    assert not response.cookies
    assert b"csrf" not in response.content


def test_a_failure_of_ours_is_a_page_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("django.middleware.common.CommonMiddleware.process_request", fail)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert ERROR_TEXTS[500].title in response.content.decode()


def test_htmx_gets_the_notice_alone(rf: RequestFactory) -> None:
    request = rf.get("/", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    page = error_page(request, 409).content.decode()
    assert ERROR_TEXTS[409].title in page
    assert "<html" not in page


def test_an_error_without_a_body_is_given_one_and_keeps_its_headers(rf: RequestFactory) -> None:
    bare = HttpResponseNotAllowed(["GET", "POST"])
    response = ErrorPageMiddleware(lambda request: bare)(rf.put("/"))
    assert isinstance(response, HttpResponse)
    assert response.headers["Allow"] == "GET, POST"
    assert response.headers["Content-Type"].startswith("text/html")
    assert ERROR_TEXTS[405].title in response.content.decode()


def test_an_error_with_a_body_of_its_own_keeps_it(rf: RequestFactory) -> None:
    own = HttpResponse("its own", status=409)
    assert ErrorPageMiddleware(lambda request: own)(rf.get("/")) is own


def test_too_much_data_is_said_to_be_too_much(rf: RequestFactory) -> None:
    assert bad_request(rf.post("/"), RequestDataTooBig()).status_code == 413


def test_an_outdated_form_is_told_from_a_missing_right(rf: RequestFactory) -> None:
    response = csrf_failure(rf.post("/"))
    assert response.status_code == 403
    assert "too old" in response.content.decode()


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_what_no_form_sends_is_no_outdated_form(method: str) -> None:
    answer = Client(enforce_csrf_checks=True).generic(method, "/account/login/")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, POST"
