"""Addresses: the wiki's, and Django's admin."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config.serving.health import processes
from wiki.styleguide.views import styleguide

# By the wiki's own door, where attempts are counted and a second factor is asked for.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth's own documentation has it

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("health/processes", processes, name="processes"),
    path("account/", include("wiki.profiles.urls")),
    path("styleguide/", styleguide, name="styleguide"),
    path("", include("wiki.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler429 = "config.errors.too_many_requests"
handler500 = "config.errors.server_error"
