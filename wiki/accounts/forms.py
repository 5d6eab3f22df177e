"""Signing up and in."""

from typing import Any

from allauth.account.forms import LoginForm, SignupForm
from allauth.account.utils import passthrough_next_redirect_url
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.urls import reverse
from django.utils.html import format_html


class SignInForm(LoginForm):  # type: ignore[misc]
    """A name and a password; whoever has forgotten it comes back to the same page in the end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reset = passthrough_next_redirect_url(
            self.request, reverse("account_reset_password"), REDIRECT_FIELD_NAME
        )
        self.fields["password"].help_text = format_html(
            '<a href="{}">Forgot your password?</a>', reset
        )


class SignUpForm(SignupForm):  # type: ignore[misc]
    """A name and a password, and an address where mail is sent; with what is asked of each."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].help_text = "It stands beside everything that you write."
        if "email" in self.fields:
            self.fields[
                "email"
            ].help_text = (
                "A code is sent there now, and a new password if you ask for one. Nobody sees it."
            )
        trap = self.fields[settings.ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD]
        trap.label = "Leave this empty"
        # Out of sight by a class: the policy for contents forbids the style that it comes with.
        trap.widget.attrs = {"class": "trap", "tabindex": "-1", "autocomplete": "off"}
        for field in self.fields.values():
            # Labels say it, and do not vanish when something is typed.
            field.widget.attrs.pop("placeholder", None)
