"""The summary of a command whose form has nothing else: a line that the changeset keeps."""

from django.http import HttpRequest

LONGEST = 300
"""Characters; what is longer is cut, for a summary is no reason to refuse the deed."""


def summary_of(request: HttpRequest) -> str:
    """What was typed as the summary; without NUL, which PostgreSQL cannot hold."""
    return request.POST.get("summary", "").replace("\0", "")[:LONGEST]
