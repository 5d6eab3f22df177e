"""One proposal, by its number."""

from django.http import Http404

from versioning.models import Proposal


def get_proposal(number: int) -> Proposal:
    """A proposal with its branch and that one's parent. Raises Http404."""
    found = (
        Proposal.objects.select_related("branch", "branch__parent").filter(number=number).first()
        if number < 2**31
        else None
    )
    if found is None:
        raise Http404(f"There is no proposal {number}.")
    return found
