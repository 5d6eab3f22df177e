"""Addresses of one's own account: the library's, and the page that leads to them."""

from allauth.urls import urlpatterns as allauth_urlpatterns
from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from wiki.accounts import views
from wiki.drafts.views import draft

# Where nothing can be sent, nobody is told that something was.
_WITHOUT_MAIL = [
    path("password/reset/", views.no_mail, name="account_reset_password"),
    path("email/", views.no_mail, name="account_email"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.overview, name="account"),
    path("delete/", views.delete, name="account_delete"),
    path("drafts/<int:number>/", draft, name="draft"),
    *([] if settings.MAIL_SERVER else _WITHOUT_MAIL),
    *allauth_urlpatterns,
]
