"""A changeset by the number in an address."""

from django.http import Http404

from eventstore.models import Changeset


def get_changeset(number: int) -> Changeset:
    """The changeset of a number. Raises Http404."""
    found = Changeset.objects.filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise Http404(f"There is no changeset {number}.")
    return found
