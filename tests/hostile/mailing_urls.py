"""The addresses that there are where mail is set up: those of passwords are the library's."""

from django.urls import URLPattern, URLResolver, include, path

from config import urls
from config.urls import handler400, handler403, handler404, handler429, handler500

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500"]

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("allauth.urls")),
    *urls.urlpatterns,
]
