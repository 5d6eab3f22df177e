"""What somebody typed into a filter, and no filter can mean."""

from wiki.requests.refusals import RequestRefused


class Unreadable(RequestRefused):
    """A filter's value that means nothing; the remedy says what would."""

    code = "unreadable-filter"
    title = "This filter cannot be read"
