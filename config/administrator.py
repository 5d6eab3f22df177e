"""A local administrator, so that a fresh clone can be signed in to.

Made only on the embedded database: no server that others reach ever gets one.
"""

import secrets

from django.conf import settings
from django.contrib.auth.models import User

from config.secrets_file import write_private

NAME = "admin"


def ensure_local_administrator() -> str:
    """Make the administrator if there is none. Returns how to sign in, in a sentence."""
    password_file = settings.THRILLWIKI_HOME / "administrator.txt"
    if not User.objects.filter(username=NAME).exists():
        password = secrets.token_urlsafe(12)
        # Kept first: a user whose password nobody was told would be made for nothing.
        write_private(password_file, f"{NAME}\n{password}\n")
        User.objects.create_superuser(NAME, password=password)
        return f"Sign in as {NAME} with the password {password} (kept in {password_file})."
    if password_file.exists():
        return f"Sign in as {NAME}; the password is in {password_file}."
    return f"Sign in as {NAME}; for a new password: bin/uv run ./manage.py changepassword {NAME}"
