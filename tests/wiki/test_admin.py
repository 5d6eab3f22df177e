"""Django's admin writes events: creations, edits, deletions, one at a time and many at once."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from eventstore import reading
from projections.audit.auditing import audit
from wiki.models import Article, Company, Park, Ride

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root"))
    return client


def test_an_article_is_made_changed_and_deleted(administrator: Client) -> None:
    form = {"slug": "lifts", "name": "Lifts", "body": "Chains."}
    assert administrator.post("/admin/wiki/article/add/", form).status_code == 302
    made = Article.objects.get()
    address = f"/admin/wiki/article/{made.pk}/"
    assert administrator.get(f"{address}change/").status_code == 200
    administrator.post(f"{address}change/", {**form, "name": "Lift hills"})
    assert Article.objects.get().version == 2
    changeset = reading.changeset_at(reading.last_position())
    assert changeset is not None
    assert changeset.actor_id == User.objects.get().pk
    assert administrator.post(f"{address}delete/", {"post": "yes"}).status_code == 302
    assert not Article.objects.exists()
    assert audit().findings == ()


def test_references_and_values_of_a_ride_are_saved(
    administrator: Client, kestrel: Ride, acme: Company
) -> None:
    address = f"/admin/wiki/ride/{kestrel.pk}/change/"
    assert administrator.get(address).status_code == 200
    form = {"slug": "kestrel", "name": "Kestrel", "category": "dark", "status": "operating",
            "park": str(kestrel.park_id), "designers": str(acme.pk), "height": "62 m",
            "opened": "May 1999"}  # fmt: skip
    answer = administrator.post(address, form)
    assert answer.status_code == 302, answer.content.decode()
    saved = Ride.objects.get()
    assert [company.slug for company in saved.designers.all()] == ["acme"]
    assert (str(saved.height), str(saved.opened)) == ("62 m (203 ft)", "May 1999")
    assert audit().findings == ()


def test_an_outdated_form_is_refused(administrator: Client) -> None:
    made = Article.objects.create(slug="lifts", name="Lifts", body="Chains.")
    made.body = "Cables."
    made.save()
    form = {"slug": "lifts", "name": "Lift hills", "body": "Chains.", "base": "1"}
    answer = administrator.post(f"/admin/wiki/article/{made.pk}/change/", form)
    assert answer.status_code == 200
    assert "while you edited" in answer.content.decode()
    assert Article.objects.get().body == "Cables."


def test_many_are_deleted_as_one_changeset(administrator: Client) -> None:
    parks = [Park.objects.create(slug=f"p-{n}", name=f"P {n}") for n in range(3)]
    form = {"action": "delete_selected", "_selected_action": [str(p.pk) for p in parks],
            "post": "yes"}  # fmt: skip
    assert administrator.post("/admin/wiki/park/", form).status_code == 302
    assert not Park.objects.exists()
    changeset = reading.changeset_at(reading.last_position())
    assert changeset is not None
    assert changeset.last_position - changeset.first_position == 2


def test_what_others_refer_to_is_not_deleted(administrator: Client, kestrel: Ride) -> None:
    address = f"/admin/wiki/park/{kestrel.park_id}/delete/"
    answer = administrator.post(address, {"post": "yes"})
    assert answer.status_code == 200
    assert "would require deleting the following protected related objects" in answer.text
    assert Park.objects.exists()
