"""The identity that a new page will have, given with its empty form: sent twice, it is one page."""

from uuid import UUID

from django.core import signing

_SALT = "wiki.forms.identities"


def told_identity(entity_id: UUID) -> str:
    """What a form brings along; signed, so that nobody chooses an identity."""
    return signing.dumps(str(entity_id), salt=_SALT)


def read_identity(text: str) -> UUID | None:
    """The identity that a form tells; None where it tells none of ours."""
    try:
        return UUID(signing.loads(text, salt=_SALT))
    except signing.BadSignature:
        return None
