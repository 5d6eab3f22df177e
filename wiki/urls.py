"""Addresses of the wiki; each reading one works under every viewpoint."""

from django.contrib.auth import views as auth
from django.urls import URLPattern, URLResolver, path

from wiki.accounts import views as accounts
from wiki.audit import audit
from wiki.branches import views as branches
from wiki.pages import editing, searching
from wiki.pages import views as pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path(
        "login/",
        auth.LoginView.as_view(
            template_name="accounts/form.html",
            extra_context={"title": "Sign in", "button": "Sign in"},
        ),
        name="login",
    ),
    path("logout/", accounts.sign_out, name="logout"),
    path("signup/", accounts.sign_up, name="signup"),
    path("search/", searching.search, name="search"),
    path("audit/", audit, name="audit"),
    path("changes/", pages.changes, name="changes"),
    path("branches/", branches.branch_list, name="branches"),
    path("branches/<slug:name>/", branches.branch, name="branch"),
    path("branches/<slug:name>/merge/", branches.merge_branch, name="merge"),
    path("branches/<slug:name>/sync/", branches.sync_branch, name="sync"),
    path("<slug:plural>/", pages.page_list, name="list"),
    path("<slug:plural>/new/", editing.create, name="new"),
    path("<slug:plural>/<slug:slug>/", pages.page, name="page"),
    path("<slug:plural>/<slug:slug>/history/", pages.history, name="history"),
    path("<slug:plural>/<slug:slug>/history/<int:number>/", pages.version, name="version"),
    path("<slug:plural>/<slug:slug>/edit/", editing.edit, name="edit"),
    path("<slug:plural>/<slug:slug>/delete/", editing.delete, name="delete"),
]
