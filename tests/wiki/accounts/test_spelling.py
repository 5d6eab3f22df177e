"""Nobody signs up under a name that looks like somebody else's."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from wiki.accounts.models import AccountName
from wiki.accounts.spelling import settled_name, skeleton

PASSWORD = "correct horse battery"


def sign_up(name: str) -> str:
    """What the form says to it; nothing where there is an account."""
    form = {"username": name, "password1": PASSWORD, "password2": PASSWORD}
    answer = Client().post("/account/signup/", form)
    return "" if answer.status_code == 302 else answer.content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("nothing_counted")
@pytest.mark.parametrize(
    ("taken", "name"),
    [
        ("anna", "ANNA"), ("anna", "аnnа"), ("anna", "ａｎｎａ"), ("асе", "ace"), ("bill", "bi11"),
        ("Bill", "BiIl"), ("bob", "b0b"), ("Ólaf", "ÓLAF"), ("雪国", "雪国"),
    ],
)  # fmt: skip
def test_a_name_that_looks_like_another_s_is_refused(taken: str, name: str) -> None:
    account = User.objects.create_user(taken)
    assert "field-errors" in sign_up(name)
    account.delete()
    assert "field-errors" in sign_up(name)
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("nothing_counted")
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("admin", "says what an account is"), ("Аdmin", "says what an account is"),
        ("ADM1N", "says what an account is"), ("Moderator", "says what an account is"),
        ("pаypal", "mixes letters"), ("an\u200bna", "field-errors"), ("an\u202ena", "field-errors"),
        ("a b", "field-errors"), ("", "field-errors"),
    ],
)  # fmt: skip
def test_a_name_that_deceives_is_refused(name: str, sentence: str) -> None:
    assert sentence in sign_up(name)
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("nothing_counted")
@pytest.mark.parametrize("name", ["Ærøskøbing", "雪国", "Анна", "o.brien", "γιώργος", "Zoë", "x"])
def test_names_of_all_languages_are_taken(name: str) -> None:
    User.objects.create_user("somebody")
    assert sign_up(name) == ""
    assert User.objects.filter(username=name).exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("nothing_counted")
def test_a_name_is_kept_in_one_spelling() -> None:
    assert sign_up("ｚｏｅ") == ""
    assert User.objects.get().username == "zoe"


@pytest.mark.django_db
def test_another_name_is_kept_as_well() -> None:
    account = User.objects.create_user("anna")
    account.username = "hannah"
    account.save()
    account.email = "h@example.org"
    account.save(update_fields=["email"])
    account.save()
    kept = AccountName.objects.order_by("since").values_list("skeleton", flat=True)
    assert list(kept) == [skeleton("anna"), skeleton("hannah")]


@given(st.text(st.characters(categories=["L", "Nd"]), max_size=30))
def test_a_skeleton_is_one_and_the_same_for_every_spelling(name: str) -> None:
    assert skeleton(settled_name(name)) == skeleton(name)
