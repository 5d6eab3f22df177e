"""The schemas, for whoever reads or writes records. Nothing here asks the database."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from versioning.entities.kinds import kind_of
from wiki.kinds.registry import KINDS, model_of
from wiki.schema.kinds import kind_schema

CONTENT_TYPE = "application/schema+json"


def index(request: HttpRequest) -> HttpResponse:
    """Every kind of page, and where its schema is."""
    kinds = {
        plural: {"kind": kind_of(model).label, "schema": _address(request, plural)}
        for plural, model in KINDS.items()
    }
    return JsonResponse({"kinds": kinds})


def schema(request: HttpRequest, plural: str) -> HttpResponse:
    """One kind's schema. Raises Http404."""
    found = kind_schema(kind_of(model_of(plural)), _address(request, plural))
    return JsonResponse(found, content_type=CONTENT_TYPE)


def _address(request: HttpRequest, plural: str) -> str:
    return request.build_absolute_uri(reverse("schema", kwargs={"plural": plural}))
