"""The summary of a command whose form has nothing else: a line that the changeset keeps."""

from django.http import HttpRequest

from wiki.fields.letters import with_shown_letters

LONGEST = 300
"""Characters; what is longer is cut, for a summary is no reason to refuse the deed."""


def summary_of(request: HttpRequest) -> str:
    """What was typed as the summary; what nobody would see of it is seen."""
    return with_shown_letters(request.POST.get("summary", "").replace("\0", ""))[:LONGEST]
