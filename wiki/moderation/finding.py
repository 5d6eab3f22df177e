"""Find the account that a moderator's address names."""

from django.contrib.auth.models import User
from django.http import Http404


def account_called(name: str) -> User:
    """An account by its name. Raises Http404."""
    found = User.objects.filter(username=name).first()
    if found is None:
        raise Http404(f"There is no account called {name!r}.")
    return found
