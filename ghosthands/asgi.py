"""The server's entry: `gunicorn -k asgi ghosthands.asgi`."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ghosthands.settings")

django_application = get_asgi_application()

from ghosthands.admission import Admission  # noqa: E402 - not before Django is set up

application = Admission(django_application, at_once=settings.GH_REQUESTS_AT_ONCE)
