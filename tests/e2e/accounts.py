"""Somebody signs in, in the browser."""

from django.contrib.auth.models import Group, User
from playwright.sync_api import Page, expect

PASSWORD = "correct horse battery staple"


def sign_in(page: Page, group: str = "moderators") -> None:
    account = User.objects.create_user(f"one-of-{group}", password=PASSWORD)
    account.groups.add(Group.objects.get(name=group))
    page.goto("/login/")
    page.get_by_label("Username").fill(account.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="Account")).to_contain_text(account.username)
