"""The wiki as a WSGI application, for granian or any other server."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

from config.serving.lifeline import end_with_server
from config.start import start


class Request(WSGIRequest):
    """One whose content is of no type that can be read is a request without content.

    Django refuses it before there is a request, where no page is made of a refusal.
    """

    def _set_content_type_params(self, meta: Any) -> None:
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]  # its stubs leave it out
        except BadRequest:
            self.content_type, self.content_params = "", {}


class Handler(WSGIHandler):
    """Django's, with requests of ours."""

    request_class = Request


end_with_server()
start()
# All views, before there are requests: whoever asks first would wait for their modules.
import_module(settings.ROOT_URLCONF)
application = Handler()
