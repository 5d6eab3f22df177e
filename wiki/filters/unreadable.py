"""What somebody typed into a filter, and no filter can mean."""

from wiki.refusals import Refusal


class Unreadable(Refusal):
    """A filter's value that means nothing; the remedy says what would."""

    title = "This filter cannot be read"
