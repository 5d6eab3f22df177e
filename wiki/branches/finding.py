"""A branch by the name in an address, and the page that a difference between branches is of."""

from django.http import Http404

from versioning.branches.compare import Difference
from versioning.models import Branch
from wiki.pages.models import Page


def get_branch(name: str) -> Branch:
    """A branch by its name, with its parent. Raises Http404."""
    found = Branch.objects.select_related("parent").filter(name=name).first()
    if found is None:
        raise Http404(f"There is no branch called {name!r}.")
    return found


def page_of(difference: Difference) -> str:
    """The path of the page that differs, without a viewpoint; nothing for what has no page."""
    model = difference.kind.model
    document = next((d for d in reversed(difference.documents) if d), None)
    if document is None or not issubclass(model, Page):
        return ""
    return f"{model.plural}/{document['slug']}/"
