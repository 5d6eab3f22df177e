"""Keep, find and discard drafts: one for each page, branch and account, and not too many."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.db.models.signals import pre_delete
from django.http import QueryDict
from django.utils import timezone

from wiki.drafts.models import Draft
from wiki.drafts.subjects import Subject
from wiki.limits.spending import Action, spend
from wiki.requests.refusals import RequestRefused
from wiki.rights.rights import Right, require

KEPT_FOR: Final = timedelta(days=30)
LATELY: Final = timedelta(minutes=10)
"""How long somebody who typed is taken to be typing still."""
MOST: Final = 20
"""Drafts of one account."""
LONGEST: Final = 2_000_000
"""Characters of a form as it is sent."""

_NOT_TYPED: Final = ("csrfmiddlewaretoken", "action")


class DraftRefused(RequestRefused):
    """A draft that cannot be kept; what was typed is shown with the refusal."""

    code = "draft-refused"
    status = 409
    title = "This cannot be kept as a draft"


def keep(account: Any, subject: Subject, typed: QueryDict) -> Draft:
    """Keep a form in the place of what was kept of it before. Cost: five queries.

    Raises PermissionDenied, AccountIsBlocked, TooMuch, DraftRefused.
    """
    require(account, Right.EDIT)
    spend(account, Action.DRAFT)
    text = _as_text(typed)
    _check_room(account, subject)
    draft, _ = Draft.objects.update_or_create(
        account_id=account.pk,
        branch=subject.branch,
        page_id=subject.page_id,
        defaults={
            "plural": subject.plural,
            "slug": subject.slug,
            "name": typed.get("name", "").replace("\0", "")[:200],
            "typed": text,
            "kept_at": timezone.now(),
        },
    )
    return draft


def drafts_of(account: Any) -> QuerySet[Draft]:
    """What an account has kept, the newest first, without what was typed."""
    return _lasting().filter(account_id=account.pk).defer("typed").order_by("-kept_at")


def draft_of(account: Any, subject: Subject) -> Draft | None:
    """The draft to go on with in a form. Cost: a query, and another for what was typed."""
    return _of(account, subject).defer("typed").order_by("-kept_at").first()


def draft_to_take_up(account: Any, subject: Subject, number: int) -> Draft | None:
    """The draft with a number, if it is the account's own and of this form."""
    return _of(account, subject).filter(pk=number).first()


def others_type(account: Any, subject: Subject) -> bool:
    """Whether somebody else kept a draft of a page lately; nobody is told who. Cost: a query."""
    lately = Draft.objects.filter(
        page_id=subject.page_id, branch=subject.branch, kept_at__gt=timezone.now() - LATELY
    )
    return lately.exclude(account_id=account.pk).exists()


def discard(account: Any, subject: Subject) -> None:
    """Forget what was kept of a form, which is saved now."""
    Draft.objects.filter(
        account_id=account.pk, branch=subject.branch, page_id=subject.page_id
    ).delete()


def forget_with_accounts() -> None:
    """Let drafts go with their account, wherever Django deletes it.

    No foreign key says so: the audit makes each table of the wiki anew, beside none of others.
    """
    pre_delete.connect(_account_is_deleted, sender=User, dispatch_uid="wiki.drafts.accounts")


def _account_is_deleted(instance: User, **_: Any) -> None:
    Draft.objects.filter(account_id=instance.pk).delete()


def forget_drafts(page_id: UUID) -> None:
    """Forget whatever anybody kept of a page: it was begun from what has to be erased."""
    Draft.objects.filter(page_id=page_id).delete()


def _of(account: Any, subject: Subject) -> QuerySet[Draft]:
    own = _lasting().filter(account_id=account.pk, branch=subject.branch, plural=subject.plural)
    return own.filter(page_id=subject.page_id) if subject.slug else own.filter(slug="")


def _lasting() -> QuerySet[Draft]:
    return Draft.objects.filter(kept_at__gt=timezone.now() - KEPT_FOR)


def _check_room(account: Any, subject: Subject) -> None:
    """Let go of what is too old, and refuse one more than there may be."""
    Draft.objects.filter(kept_at__lte=timezone.now() - KEPT_FOR).delete()
    pages: Iterable[tuple[int, UUID]] = Draft.objects.filter(account_id=account.pk).values_list(
        "branch", "page_id"
    )
    if len(others := set(pages) - {(subject.branch, subject.page_id)}) >= MOST:
        raise DraftRefused(
            f"You have {len(others)} drafts already, and there is room for {MOST}.",
            "Save or discard one of them: they are listed on the page of your account.",
        )


def _as_text(typed: QueryDict) -> str:
    sent = typed.copy()
    for name in _NOT_TYPED:
        sent.pop(name, None)
    if len(text := sent.urlencode()) > LONGEST:
        raise DraftRefused(
            "What you typed is longer than drafts may be.", "Save it, or shorten it first."
        )
    return text
