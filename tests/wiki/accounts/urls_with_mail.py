"""The addresses of a wiki that sends mail: which they are is decided as they are read."""

from django.urls import include, path

from config.urls import urlpatterns as without_mail
from wiki.profiles.urls import WITH_MAIL

urlpatterns = [path("account/", include(WITH_MAIL)), *without_mail]

handler404 = "config.errors.page_not_found"
