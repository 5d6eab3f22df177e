"""What the accounts of this wiki have of their own, told to django-allauth."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import get_next_redirect_url, passthrough_next_redirect_url
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

from wiki.accounts import signing_in
from wiki.accounts.models import AccountName
from wiki.accounts.spelling import is_reserved, mixes_scripts, settled_name, skeleton
from wiki.limits.spending import DAY, HOUR, Action, Rate, count
from wiki.requests.networks import CLIENT_ADDRESS, current_network
from wiki.rights.roles import EDITORS

SIGN_UPS = (Rate(6, HOUR), Rate(20, DAY))
"""Of one network."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Names, roles, addresses, and how often somebody may try."""

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """The name in its one spelling. Raises ValidationError where it is somebody's, or looks so.

        Histories tell people by their names, those of deleted accounts too.
        """
        name: str = super().clean_username(settled_name(username), shallow=shallow)
        if not name.strip("."):
            # As a part of an address it is the one above: nobody could be led to the account.
            raise ValidationError("A name has letters or digits. Choose another one.")
        if is_reserved(name):
            raise ValidationError("This name says what an account is. Choose another one.")
        if mixes_scripts(name):
            raise ValidationError(
                "This name mixes letters of several alphabets that look alike. Use those of one."
            )
        if AccountName.objects.filter(skeleton=skeleton(name)[:300]).exists():
            raise ValidationError(
                "Somebody writes, or wrote, under a name that looks like this one. Choose another."
            )
        return name

    def save_user(
        self,
        request: HttpRequest,
        user: User,
        form: Any,
        commit: bool = True,
    ) -> User:
        """Make an account, which may edit. Raises TooMuch."""
        if network := current_network():
            count(Action.SIGN_UP, f"network:{network}", SIGN_UPS)
        made: User = super().save_user(request, user, form, commit=commit)
        made.groups.add(Group.objects.get(name=EDITORS))
        return made

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The way to a new password, and from there by the sign-in to where somebody came from."""
        way: str = super().get_reset_password_from_key_url(key)
        if get_next_redirect_url(self.request) is None:
            return way
        sign_in = passthrough_next_redirect_url(
            self.request, reverse("account_login"), REDIRECT_FIELD_NAME
        )
        return f"{way}?{urlencode({REDIRECT_FIELD_NAME: sign_in})}"

    def get_client_ip(self, request: HttpRequest) -> str:
        """As the front tells it; behind a socket there is no other."""
        told = request.headers.get(CLIENT_ADDRESS) or request.META.get("REMOTE_ADDR")
        return told or "127.0.0.1"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count an attempt before the password is looked at. Raises TooMuch."""
        signing_in.count_attempt(request, signing_in.name_in(credentials))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Tell the operator."""
        signing_in.tell_failure(signing_in.name_in(credentials))

    def post_login(self, request: HttpRequest, user: User, **named: Any) -> HttpResponseBase:
        """Remember the browser, which need not share its attempts with strangers from now on."""
        response: HttpResponse = super().post_login(request, user, **named)
        signing_in.remember_browser(request, response, user)
        return response
