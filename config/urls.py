"""Addresses: the wiki's, and Django's admin."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config.serving.health import processes

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("health/processes", processes, name="processes"),
    path("", include("wiki.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"
