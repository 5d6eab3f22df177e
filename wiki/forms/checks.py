"""Which fields of a form are judged as soon as they are left, and what goes along."""

from dataclasses import dataclass

from django.urls import reverse

from wiki.pages.models import Page


@dataclass(frozen=True)
class FieldCheck:
    """Where a field is checked, and which inputs go along: a rule may speak of others as well."""

    plural: str
    name: str
    includes: str

    @property
    def address(self) -> str:
        """At the viewpoint that one is at: a form's class is made once for all of them."""
        return reverse("check_fact", args=[self.plural, self.name])


def check_of(model: type[Page], name: str) -> FieldCheck:
    """The check of one fact of a kind."""
    inputs = ",".join(f"[name={each}]" for each in names_beside(model, name))
    return FieldCheck(model.plural, name, inputs)


def names_beside(model: type[Page], name: str) -> list[str]:
    """A field, and those that it may contradict."""
    rules = [rule for rule in (*model.rules, *model.form_rules) if name in rule.fields]
    return list(dict.fromkeys([name, *(each for rule in rules for each in rule.fields)]))
