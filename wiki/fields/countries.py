"""Countries by ISO 3166-1, as a field of two letters with the country's name beside it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django_countries import countries


def country_choices() -> list[tuple[str, str]]:
    """Codes and names, by name. A function, so that migrations do not list them all."""
    return [(code, str(name)) for code, name in countries]


class CountryField(models.CharField[str, str]):
    """A country by its two letters; its name is read as well."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"max_length": 2, "blank": True, "choices": country_choices}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        for implied in ("max_length", "blank", "choices"):
            kwargs.pop(implied, None)
        return name, "wiki.fields.countries.CountryField", args, kwargs

    def to_python(self, value: Any) -> str:
        """The code, from the code or the name in English. Raises ValidationError."""
        text = str(value or "").strip()
        if not text or text.upper() in countries:
            return text.upper()
        code: str = countries.by_name(text, insensitive=True)
        if not code:
            raise ValidationError(
                f"“{text[:60]}” is not a country. Give its two-letter code or its name."
            )
        return code
