"""Items that pages of several kinds list: other names, milestones, companies for a time."""

from django.db import models

from versioning.fields.columns import PartialDateField
from versioning.fields.items import Item, Period, ReferencePart


class NameSort(models.TextChoices):
    """Its words stand behind a name, in brackets; others begin with a capital."""

    FORMER = "former", "former name"
    ALIAS = "alias", "also called"
    TRANSLATION = "translation", "in another language"
    WORKING_TITLE = "working-title", "working title"


class OtherName(Period):
    """A name by which a page is found as well."""

    name = models.CharField(max_length=200)
    sort = models.CharField(
        "kind", max_length=20, choices=NameSort.choices, default=NameSort.FORMER
    )

    def held_in(self, year: int) -> bool:
        """As any period; but a name that tells none says nothing of any year."""
        tells_period = any(date is not None for date in (self.since, self.until))
        return tells_period and super().held_in(year)


class MilestoneSort(models.TextChoices):
    ACCIDENT = "accident"
    RECORD = "record"
    RETRACKING = "retracking"
    REBRANDING = "rebranding"
    AWARD = "award"
    OTHER = "other"


class Milestone(Item):
    """Something that happened, on a date."""

    date = PartialDateField()
    sort = models.CharField(
        "kind", max_length=20, choices=MilestoneSort.choices, default=MilestoneSort.OTHER
    )
    what = models.CharField("what happened", max_length=500)


class CompanyInCharge(Period):
    """A company that ran or owned something for a time."""

    company = ReferencePart("wiki.Company", null=False, blank=False)


class PageOrName(Item):
    """Another ride: by its page, or by its name where it has none."""

    ride = ReferencePart("wiki.Ride")
    name = models.CharField("or its name", max_length=200, blank=True)
    note = models.CharField(max_length=200, blank=True)
