"""Signing up and out. Signing in is Django's own view."""

from django.contrib.auth import login, logout
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from wiki.accounts.models import FormerAccount
from wiki.accounts.roles import EDITORS


class SignUpForm(UserCreationForm[User]):
    """A name and a password."""

    class Meta:
        model = User
        fields = ("username",)

    def clean_username(self) -> str:
        """Refuse the name under which somebody else wrote: histories tell people by it."""
        name: str = super().clean_username()
        if name and FormerAccount.objects.filter(name__iexact=name).exists():
            raise ValidationError("Somebody wrote under this name before. Choose another one.")
        return name


def sign_up(request: HttpRequest) -> HttpResponse:
    """A new account; it may edit, and is signed in at once."""
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = form.save()
        account.groups.add(Group.objects.get(name=EDITORS))
        login(request, account, backend="django.contrib.auth.backends.ModelBackend")
        return redirect("home")
    status = 422 if form.is_bound else 200
    context = {"title": "Sign up", "form": form, "button": "Sign up"}
    return render(request, "accounts/form.html", context, status=status)


def sign_out(request: HttpRequest) -> HttpResponse:
    """GET asks; POST signs out, so that no link on a page can."""
    if request.method == "POST":
        logout(request)
        return redirect("home")
    return render(request, "accounts/form.html", {"title": "Sign out", "button": "Sign out"})
