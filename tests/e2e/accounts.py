"""Somebody is signed in, in the browser."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from playwright.sync_api import Page

PASSWORD = "correct horse battery staple"


def make_account(group: str) -> User:
    account = User.objects.create_user(f"one-of-{group}", password=PASSWORD)
    account.groups.add(Group.objects.get(name=group))
    return account


def sign_in(page: Page, group: str = "moderators") -> None:
    """Somebody of a group, with the cookie that signing in would give; the form has its test."""
    client = Client()
    client.force_login(make_account(group))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.goto("/account/login/")
    host = urlsplit(page.url).hostname or ""
    page.context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "domain": host, "path": "/"}]
    )
