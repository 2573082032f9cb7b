"""The project's settings, with what every test relies on."""

import os

os.environ.setdefault("GH_SERVICE_SECRET", "test-service-key")
os.environ.setdefault("GH_JWT_SECRET", "test-jwt-secret-of-at-least-32-bytes")
os.environ.setdefault("GH_ALLOWED_NETWORKS", "127.0.0.0/8")
os.environ.setdefault("GH_JOB_BOARD", "1")
# The sites of tests need no sparing; tests that are about it say so.
os.environ.setdefault("GH_JOBS_PER_HOST", "0")
os.environ.setdefault("GH_PAGE_PAUSE_SECONDS", "0")
os.environ.setdefault("DJANGO_SECRET_KEY", "tests-only")

from ghosthands.settings import *  # noqa: F403

# Otherwise every test client reads all static files anew.
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
