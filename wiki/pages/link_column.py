"""What a body links to, as a column that the database derives: backlinks at every viewpoint.

`links` holds each link of a text as it was typed, in lower case: `kestrel`, `ride:kestrel`,
`rides/kestrel`. Facts and citations of other pages are links too.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func

from versioning.fields.sorting import SortColumn


class LinksIn(Func):
    """The links of a text column, found by the database function `wiki_links`."""

    function = "public.wiki_links"
    output_field = ArrayField(models.TextField())


class LinksColumn(SortColumn):
    """The links of a page's body."""

    def __init__(self, **kwargs: Any) -> None:
        given = {
            "expression": LinksIn("body"),
            "output_field": ArrayField(models.TextField()),
            "db_persist": True,
        }
        super().__init__(**{**given, **kwargs})
