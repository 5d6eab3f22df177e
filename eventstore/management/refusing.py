"""Commands that end with a sentence where something is refused, not with a traceback."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from eventstore.errors import Refusal


class RefusingCommand(BaseCommand):
    """Turns whatever is refused inside into the command's last line."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
