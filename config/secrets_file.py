"""Secrets that a checkout makes for itself, once, in files that only its user may read."""

import os
import secrets
from pathlib import Path

from config.refusal import CannotStart


def kept_secret(path: Path, length: int) -> str:
    """The secret in the file, made first if there is none. Safe against two makers at once.

    Raises CannotStart where it can be neither read nor made.
    """
    try:
        return _kept(path, length)
    except OSError as error:
        raise CannotStart(
            f"{path} cannot be written: {error.strerror}.",
            "Set THRILLWIKI_HOME to a folder of yours.",
        ) from None


def _kept(path: Path, length: int) -> str:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        write_private(draft, secrets.token_urlsafe(length))
        try:
            # A link appears whole or not at all, and never replaces another's.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
