"""What is refused has a code, a status, a sentence and a hint; pages and commands say them."""

import re
from importlib import import_module
from io import StringIO
from pkgutil import walk_packages
from typing import Any

import pytest
from django.core.exceptions import MultipleObjectsReturned, ObjectDoesNotExist, ObjectNotUpdated
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.http import HttpResponse
from django.test import RequestFactory

from config.errors import ErrorPageMiddleware
from eventstore.errors import Refusal
from eventstore.management.refusing import RefusingCommand

ROOMS = ("config", "eventstore", "projections", "versioning", "wiki")

OTHERS = {
    "config.refusal.CannotStart",  # ends the process, whoever started it
    "eventstore.standing._Skipped",  # goes no further than its module
    "projections.cache.store.CacheIsAway",  # the page is made without it
    "versioning.fields.coordinates.NotCoordinates",  # ends of sentences, for a field's own error
    "versioning.fields.dates.NotADate",
    "versioning.fields.money.NotMoney",
    "versioning.fields.quantities.NotAQuantity",
    "wiki.exchange.cells.NotACell",
    "wiki.exchange.checking.Refused",
    "wiki.exchange.formats.BadLine",
    "wiki.texts.bounds.TooHeavy",  # the text is shown as it was typed
    "wiki.viewpoints.middleware.Moved",  # a redirect
}
"""Exceptions that tell nobody what to do."""

OF_MODELS = (ObjectDoesNotExist, MultipleObjectsReturned, ObjectNotUpdated)

WITHOUT = {
    "run", "serve", "flush", "migrate", "makemigrations", "schema", "sqlkind", "test",
}  # fmt: skip
"""Commands that run nothing which refuses, or are Django's own, which say it by CommandError."""


def ours(base: type[BaseException]) -> set[type[BaseException]]:
    """Every exception of the rooms below a class."""
    for room in ROOMS:
        for module in walk_packages(import_module(room).__path__, f"{room}."):
            if not re.search(r"migrations|__main__|config\.wsgi", module.name):
                import_module(module.name)
    found: set[type[BaseException]] = set()
    for each in base.__subclasses__():
        found |= {each, *ours_below(each)}
    return {
        each
        for each in found
        if each.__module__.split(".")[0] in ROOMS
        and not re.search(r"\.migrations\.|__main__", each.__module__)
    }


def ours_below(base: type[BaseException]) -> set[type[BaseException]]:
    return {below for each in base.__subclasses__() for below in {each, *ours_below(each)}}


REFUSALS: list[Any] = sorted(ours(Refusal), key=lambda each: each.__name__)


def refused(kind: Any) -> Any:
    """A refusal of a class, whatever else it is made of."""
    refusal = kind.__new__(kind)
    Refusal.__init__(refusal, "It cannot be.", "Do <this> instead.")
    return refusal


def test_every_exception_is_a_refusal_or_named_above() -> None:
    others = {
        f"{each.__module__}.{each.__name__}"
        for each in ours(BaseException)
        if not issubclass(each, (Refusal, *OF_MODELS))
    }
    assert others == OTHERS


def test_codes_are_of_one_class_alone() -> None:
    codes = [refusal.code for refusal in REFUSALS]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in codes)


def test_what_a_refusal_lacks_is_refused() -> None:
    with pytest.raises(TypeError, match="Coded needs a code of its own, and a status"):
        type("Coded", (Refusal,), {"status": 409})
    with pytest.raises(TypeError, match="Coded needs a code of its own, and a status"):
        type("Coded", (Refusal,), {"code": "coded"})
    whole: Any = type("Whole", (Refusal,), {"code": "whole", "status": 409})
    with pytest.raises(TypeError, match="a sentence and a hint"):
        whole("It cannot be.")
    with pytest.raises(TypeError, match="a sentence and a hint"):
        whole(hint="Do this instead.")
    with pytest.raises(TypeError, match="needs a code"):
        Refusal("It cannot be.", "Do this instead.")
    assert str(whole("It cannot be.", "Do this instead.")) == "It cannot be. Do this instead."


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.code)
def test_a_page_says_what_is_refused(kind: Any) -> None:
    middleware = ErrorPageMiddleware(lambda _: HttpResponse())
    page = middleware.process_exception(RequestFactory().get("/"), refused_of_a_page(kind))
    if kind.status == 500:
        assert page is None  # a fault of ours: it is reported, and has the page of all faults
        return
    assert page is not None
    assert page.status_code == kind.status
    assert "It cannot be." in page.text
    assert "Do &lt;this&gt; instead." in page.text
    assert ("Retry-After" in page.headers) is (kind.status in (429, 503))


def refused_of_a_page(kind: Any) -> Any:
    refusal = refused(kind)
    refusal.links = ()
    return refusal


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.code)
def test_a_command_ends_with_what_is_refused(kind: Any) -> None:
    class Command(RefusingCommand):
        requires_system_checks = []  # noqa: RUF012  # as Django has it

        def handle(self, *args: Any, **options: Any) -> None:
            raise refused(kind)

    with pytest.raises(CommandError, match=r"^It cannot be\. Do <this> instead\.$"):
        call_command(Command(), stdout=StringIO())


def test_every_command_that_may_be_refused_says_so() -> None:
    commands = {name: app for name, app in get_commands().items() if app in ROOMS}
    plain = {
        name
        for name, app in commands.items()
        if not isinstance(load_command_class(str(app), name), RefusingCommand)
    }
    assert plain == WITHOUT
