"""Addresses of one's own account: the library's, and the page that leads to them."""

from allauth.urls import urlpatterns as allauth_urlpatterns
from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from wiki.drafts.views import draft
from wiki.profiles import views

# Where nothing can be sent, nobody is told that something was.
WITHOUT_MAIL = [
    path("password/reset/", views.no_mail, name="account_reset_password"),
    path("email/", views.no_mail, name="account_email"),
]

WITH_MAIL = [
    path("password/reset/", views.AskForPassword.as_view(), name="account_reset_password"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.overview, name="account"),
    path("delete/", views.delete, name="account_delete"),
    path("drafts/<int:number>/", draft, name="draft"),
    *(WITH_MAIL if settings.MAIL_SERVER else WITHOUT_MAIL),
    *allauth_urlpatterns,
]
