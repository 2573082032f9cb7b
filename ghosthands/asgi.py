"""The server's entry: `gunicorn -k asgi ghosthands.asgi`."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ghosthands.settings")

application = get_asgi_application()
