"""What Django's validation says, as sentences."""

from django.core.exceptions import ValidationError


def sentences_of(refused: ValidationError) -> list[str]:
    """Why a value was refused.

    An array's error about one of its items is a finished sentence, with the item in it, which
    Django formats once more: a % in the item then raises, or says something else.
    """
    return [
        str(each.message) if "nth" in (each.params or {}) else each.messages[0]
        for each in refused.error_list
    ]
