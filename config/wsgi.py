"""The wiki as a WSGI application, for granian or any other server."""

from django.core.handlers.wsgi import WSGIHandler

from config.serving.lifeline import end_with_server
from config.start import start

end_with_server()
start()
application = WSGIHandler()
