"""The wiki as a WSGI application, for granian or any other server."""

from django.core.handlers.wsgi import WSGIHandler

from config.start import start

start()
application = WSGIHandler()
