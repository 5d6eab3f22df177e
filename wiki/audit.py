"""The log's state, for whoever wants to check."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from eventstore.models import Changeset
from projections.models import AuditRun


def audit(request: HttpRequest) -> HttpResponse:
    """Length, last changeset and the hash that stands for all before it."""
    last = Changeset.objects.order_by("-id").first()
    context = {
        "position": last.last_position if last else 0,
        "changeset": last,
        "run": AuditRun.objects.order_by("-id").first(),
        "hash": bytes(last.hash).hex() if last else "",
    }
    return render(request, "audit.html", context)
