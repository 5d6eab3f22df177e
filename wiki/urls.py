"""Addresses of the wiki. (Its pages come here.)"""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
