"""One's own account: what leads to its parts, and its end. The rest is django-allauth's."""

from allauth.account.decorators import reauthentication_required
from allauth.account.views import PasswordResetView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from versioning.models import Branch
from wiki.accounts.models import become_pseudonym
from wiki.drafts.keeping import drafts_of
from wiki.drafts.listed import listed
from wiki.rights.rights import Right, may, roles_of


@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """What there is to see and set of one's own account."""
    assert isinstance(request.user, User)
    context = {
        "roles": roles_of(request.user),
        "mail_is_set_up": bool(settings.MAIL_SERVER),
        "may_moderate": may(request.user, Right.MODERATE),
        "private_branches": Branch.every.filter(
            is_private=True, member_ids__contains=[request.user.pk]
        ).order_by("name"),
        "drafts": listed(drafts_of(request.user)),
    }
    return render(request, "account/overview.html", context)


@require_safe
def no_mail(request: HttpRequest) -> HttpResponse:
    """What stands where mail would be sent, at a wiki that sends none."""
    return render(request, "account/no_mail.html")


class AskForPassword(PasswordResetView):  # type: ignore[misc]
    """Asks where to send the way to a new password; one comes back by that, not at once."""

    def get_success_url(self) -> str:
        """The page that says so, which knows where one came from."""
        told: str = self.passthrough_next_url(reverse("account_reset_password_done"))
        return told


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
def delete(request: HttpRequest) -> HttpResponse:
    """GET asks, POST deletes the account; what it wrote keeps the name it had, or a pseudonym."""
    if request.method == "POST":
        account, account_id = request.user, request.user.pk
        logout(request)
        with transaction.atomic():
            account.delete()
            if "pseudonym" in request.POST and account_id is not None:
                become_pseudonym(account_id, f"Former editor {account_id}")
        messages.success(request, "Your account was deleted. What you wrote stays.")
        return redirect("home")
    return render(request, "account/delete.html")
