"""What cannot be had, said to people: what is wrong, and what to do next.

Raised anywhere below a view; the site's error page shows it, in the look of
everything else.
"""

from collections.abc import Sequence

from eventstore.errors import Refusal

Links = Sequence[tuple[str, str]]
"""Where to go from here: label and address."""


class RequestRefused(Refusal):
    """A request that is refused. The page of a subclass may have a title of its own."""

    code = "unreadable-request"
    status = 400
    title = "This request cannot be read"
    sentence = "Something in the address or in what was sent is malformed."
    hint = "Check the address, or go back and try again."

    def __init__(self, sentence: str = "", hint: str = "", *, links: Links = ()) -> None:
        self.links = links
        super().__init__(sentence, hint)


class CannotBeDone(RequestRefused):
    """A command that the state of the wiki does not allow now."""

    code = "cannot-be-done"
    status = 409
    title = "This cannot be done now"
    hint = "Go back, look at what changed, and decide again."
