"""What cannot be had, said to people: what is wrong, and what to do next.

Raised anywhere below a view; the site's error page shows it, in the look of
everything else.
"""

from collections.abc import Sequence

Links = Sequence[tuple[str, str]]
"""Where to go from here: label and address."""


class Refusal(Exception):
    """A request that is refused. Subclasses give its status, and words that always fit."""

    status = 400
    title = "This request cannot be read"
    explanation = "Something in the address or in what was sent is malformed."
    remedy = "Check the address, or go back and try again."

    def __init__(self, explanation: str = "", *, remedy: str = "", links: Links = ()) -> None:
        self.explanation = explanation or self.explanation
        self.remedy = remedy or self.remedy
        self.links = links
        super().__init__(self.explanation)


class CannotBeDone(Refusal):
    """A command that the state of the wiki does not allow now."""

    status = 409
    title = "This cannot be done now"
    remedy = "Go back, look at what changed, and decide again."
