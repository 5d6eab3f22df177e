"""The form that a draft is of."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from wiki.viewpoints.addresses import prefix_named


@dataclass(frozen=True)
class Subject:
    """A page on a branch, or one that is not there yet and has no `slug`."""

    branch: int
    plural: str
    page_id: UUID
    slug: str = ""

    @property
    def address_to_keep(self) -> str:
        """Where its form is sent to be kept as a draft, at this viewpoint."""
        if self.slug:
            return reverse("keep_draft", args=[self.plural, self.slug])
        return reverse("keep_new_draft", args=[self.plural])

    def place_in_browser(self, account_id: int) -> str:
        """What a browser keeps the form under: every new page of a kind is one to it."""
        of = str(self.page_id) if self.slug else f"{self.plural}/new"
        return f"draft:{account_id}:{self.branch}:{of}"

    def address_in(self, branch_name: str) -> str:
        """Where its form stands, on a branch of that name."""
        return f"{prefix_named(branch_name)}{self.plural}/{self._place}/"

    @property
    def _place(self) -> str:
        return f"{self.slug}/edit" if self.slug else "new"
