"""What leads to a page, as a column that the database derives from its address and its names.

`called` holds the address, and each name in the form of one, which is how names are looked up:
`karnan`, `top-thrill-dragster`. The database functions `wiki_called` make it.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func

from versioning.fields.sorting import SortColumn
from wiki.pages.addresses import address_of


def called_as(name: str) -> str:
    """What a name is looked up by: its address, or itself where nothing of it fits one."""
    return address_of(name) or name.strip(" ").lower()


class CalledIn(Func):
    """What the columns of a page's address and names lead to, as it is looked up."""

    function = "public.wiki_called"
    output_field = ArrayField(models.TextField())


class CalledColumn(SortColumn):
    """The address of a page, and all that it is or was called."""

    def __init__(self, **kwargs: Any) -> None:
        given = {
            "expression": CalledIn("slug", "name", "names"),
            "output_field": ArrayField(models.TextField()),
            "db_persist": True,
        }
        super().__init__(**{**given, **kwargs})
