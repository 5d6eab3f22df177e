"""The app that joins the rooms: settings, addresses, commands that start and stop things."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
