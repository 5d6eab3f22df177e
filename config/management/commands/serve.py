"""`manage.py serve`: a lane of processes behind the front; `manage.py run` starts all there are."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from config.serving.lanes import lanes
from config.serving.lifeline import end_with_server
from config.serving.workers import serve_socket


class Command(BaseCommand):
    help = "Answers at a Unix socket what the front hands on; `run` starts this, and the front."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("lane", choices=list(lanes()), help="which requests it answers")

    def handle(self, *args: Any, **options: Any) -> None:
        end_with_server()
        lane = lanes()[options["lane"]]
        os.nice(lane.nice)
        memory = settings.ENVIRONMENT.worker_memory
        serve_socket(lane.socket, workers=lane.workers, threads=lane.threads, memory=memory)
