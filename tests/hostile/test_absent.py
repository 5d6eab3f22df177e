"""Every entry is driven by a test, or the wiki has nothing of the kind, which is held true here."""

from collections.abc import Iterator

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import get_commands
from django.db import connection, connections, models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.hostile.absent import ABSENCES, ABSENT
from tests.hostile.driving import text_of
from tests.hostile.inputs import driven, entries, entry
from tests.wiki.test_queries import ADDRESSES
from versioning.branches.fork import fork
from wiki.forms.page_form import edit_form, new_form, rename_form
from wiki.kinds.registry import KINDS
from wiki.models import Ride

pytestmark = pytest.mark.django_db

OURS = ("wiki", "versioning", "projections", "eventstore", "config")


def test_every_entry_is_driven_or_about_what_there_is_not() -> None:
    known, done, absent = entries().keys(), driven().keys(), ABSENT.keys()
    assert sorted(known - done - absent) == []
    assert sorted(done & absent) == []
    assert sorted(absent - known) == []


def test_no_number_is_absent_for_two_reasons() -> None:
    assert len(ABSENT) == sum(len(absence.numbers) for absence in ABSENCES.values())


def routes(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    """The name and the address of every route."""
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns)
        else:
            yield f"{each.name} {each.pattern}"


def names() -> set[str]:
    """Of all routes, of our models and their fields, of our tables and functions, of commands."""
    ours = [model for model in apps.get_models() if model._meta.app_label in OURS]
    found = set(routes(get_resolver().url_patterns))
    found |= {model.__name__ for model in ours}
    found |= {f"{model.__name__}.{f.name}" for model in ours for f in model._meta.get_fields()}
    found |= {name for name, app in get_commands().items() if str(app).split(".")[0] in OURS}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace IN"
            " ('public'::regnamespace, 'projection'::regnamespace)"
        )
        found |= {name for (name,) in cursor.fetchall()}
    return {name.lower() for name in found}


@pytest.mark.parametrize("what", ABSENCES)
def test_nothing_is_called_by_what_there_is_not(what: str) -> None:
    found = names()
    assert len(found) > 300
    assert {name for name in found if any(word in name for word in ABSENCES[what].words)} == set()


def test_what_is_read_by_some_alone_is_the_desk(client: Client, kestrel: Ride) -> None:
    """All that a visitor is led away from: commands, members, accounts, moderators' pages."""
    User.objects.create_user("somebody")
    fork("spring")
    led_away = {
        name
        for name, address in ADDRESSES.items()
        if client.get(f"/{address}").status_code in {302, 403}
        and "/account/login/"
        in client.get(f"/{address}").headers.get("Location", "/account/login/")
    }
    assert led_away == {
        "suppressed", "suppress", "suppress_summary", "moderation", "moderation_account",
        "roll_back", "protect", "protect_branch", "revert",
        "branch_members", "change_branch", "merge", "sync", "talk", "comment",
        "new", "edit", "edit_fact", "rename", "delete", "undelete", "restore",
    }  # fmt: skip


def forms_of_ours() -> Iterator[type[forms.BaseForm]]:
    for model in KINDS.values():
        yield edit_form(model)
        yield new_form(model)
        yield rename_form(model)
    pending = [forms.BaseForm]
    while pending:
        for each in pending.pop().__subclasses__():
            pending.append(each)
            if each.__module__.split(".")[0] in OURS:
                yield each


def test_no_form_takes_a_file_and_no_model_keeps_one(editor: Client, kestrel: Ride) -> None:
    for form in forms_of_ours():
        for field in getattr(form, "base_fields", {}).values():
            assert not isinstance(field, forms.FileField), form
    for model in apps.get_models():
        for each in model._meta.get_fields():
            assert not isinstance(each, models.FileField), model
    assert not settings.MEDIA_ROOT
    for address in ("/rides/kestrel/edit/", "/articles/new/", "/account/", "/branches/"):
        page = text_of(editor.get(address))
        assert 'type="file"' not in page
        assert "multipart/form-data" not in page


def test_there_is_one_database() -> None:
    assert list(connections) == ["default"]
    assert not settings.DATABASE_ROUTERS


def test_a_mark_of_what_there_is_not_is_refused() -> None:
    with pytest.raises(KeyError):
        entry(999_999)(lambda: None)
