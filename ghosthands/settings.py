"""Every setting of the project, read once from the environment. The README's table lists the names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ghosthands.embedded import ensure_database
from ghosthands.environment import Environment, database, networks, secret_key, tier

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment()
if (BASE_DIR / ".env").is_file():
    env.read_env(str(BASE_DIR / ".env"))

# ---- Where things are ------------------------------------------------------------------------------------
GH_DATA_DIR = Path(env.str("GH_DATA_DIR", default="") or BASE_DIR / ".data")
ROOT_URLCONF = "ghosthands.urls"
ASGI_APPLICATION = "ghosthands.asgi.application"

# ---- Security --------------------------------------------------------------------------------------------
DEBUG = env.bool("DJANGO_DEBUG", default=False)
SECRET_KEY = env.str("DJANGO_SECRET_KEY", default="") or secret_key(GH_DATA_DIR)
ALLOWED_HOSTS = env.list("DJANGO_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("DJANGO_CSRF_TRUSTED_ORIGINS", default=[])
GH_HTTPS = env.bool("GH_HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = GH_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if GH_HTTPS else 0
# What other hosts of the domain do, and what browsers ship with, is for the domain's owner to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if GH_HTTPS else None
SESSION_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# One body may hold a batch of 50 applications; anything larger is refused with 413.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]

GH_ENCRYPTION_KEYS = env.list("GH_ENCRYPTION_KEYS", default=[])

# ---- Callers of the API ----------------------------------------------------------------------------------
GH_SERVICE_SECRET = env.str("GH_SERVICE_SECRET", default="")
GH_JWT_SECRET = env.str("GH_JWT_SECRET", default="")
GH_JWKS_URL = env.str("GH_JWKS_URL", default="")
GH_JWT_AUDIENCE = env.str("GH_JWT_AUDIENCE", default="")
GH_USER_TIER = tier(env.str("GH_USER_TIER", default="free"))
# Each request that is being answered has a thread, and a connection of the database.
GH_REQUESTS_AT_ONCE = max(1, env.int("GH_REQUESTS_AT_ONCE", default=20))
GH_CORS_ORIGIN = env.str("GH_CORS_ORIGIN", default="*")
# What runs here, as the image's build says it.
GH_ENVIRONMENT = env.str("GH_ENVIRONMENT", default="production")
GH_COMMIT_SHA = env.str("GH_COMMIT_SHA", default="unknown")
GH_IMAGE_TAG = env.str("GH_IMAGE_TAG", default="unknown")
GH_BUILD_TIME = env.str("GH_BUILD_TIME", default="unknown")
GH_PUBLIC_URL = env.str("GH_PUBLIC_URL", default="").rstrip("/")

# ---- Workers ---------------------------------------------------------------------------------------------
GH_WORKER_ID = env.str("GH_WORKER_ID", default="")
GH_WORKER_PORT = env.int("GH_WORKER_PORT", default=None)
GH_WORKER_ADDRESS = env.str("GH_WORKER_ADDRESS", default="127.0.0.1")
# Where VALET finds this worker; the machine's own start script sets them.
EC2_INSTANCE_ID = env.str("EC2_INSTANCE_ID", default="")
EC2_IP = env.str("EC2_IP", default="")
AWS_ASG_NAME = env.str("AWS_ASG_NAME", default="")
MAX_CONCURRENT_JOBS = env.int("MAX_CONCURRENT_JOBS", default=1)
GH_CHROMIUM = env.str("GH_CHROMIUM", default="")
BROWSER_CDP_URL = env.str("BROWSER_CDP_URL", default="")
GH_RESUME_DIR = env.str("GH_RESUME_DIR", default="")
GH_ALLOWED_NETWORKS = networks(env.list("GH_ALLOWED_NETWORKS", default=[]))
GH_POLL_SECONDS = env.float("GH_POLL_SECONDS", default=5.0)
GH_ATTEND_SECONDS = env.int("GH_ATTEND_SECONDS", default=300)
GH_JOBS_PER_HOST = env.int("GH_JOBS_PER_HOST", default=4)
GH_PAGE_PAUSE_SECONDS = env.float("GH_PAGE_PAUSE_SECONDS", default=1.0)

# ---- Who hears of what ------------------------------------------------------------------------------------
# Named, not imported: the domain knows nothing of VALET. Each is called inside the transaction of the change.
TRANSITION_LISTENERS = ["valet.callbacks.on_transition"]
# What a job of some type can never work with; the workers' own rules.
JOB_INPUT_FAULT = "workers.inputs.fault_of"
# What stands on the console's first page beside the queue.
CONSOLE_PANELS = ["valet.panel.callbacks"]
# What workers do beside their jobs, and every how many seconds.
WORKER_ERRANDS = {
    "valet.callbacks.deliver_due": 1.0,
    "valet.callbacks.forget_old": 3600.0,
    "jobs.retention.prune_old_jobs": 600.0,
}
# Days for which a job waits for a worker, or for a person; 0: for ever.
GH_EXPIRE_DAYS = env.int("GH_EXPIRE_DAYS", default=7)
# Days after its end for which a job keeps pictures, recordings and personal values; 0: for ever.
GH_RETENTION_DAYS = env.int("GH_RETENTION_DAYS", default=90)
GH_CALLBACK_KEY_HOSTS = env.list("GH_CALLBACK_KEY_HOSTS", default=[])

# ---- Demo and tests --------------------------------------------------------------------------------------
GH_JOB_BOARD = env.bool("GH_JOB_BOARD", default=False)

# ---- Application -----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "ghosthands",
    "jobs",
    "valet",
    "workers",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "ghosthands.console.ConsoleConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "ghosthands.monitoring.middleware.ProbeMiddleware",
    "ghosthands.monitoring.middleware.RequestCountMiddleware",
    "ghosthands.middleware.RequestIdMiddleware",
    "ghosthands.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "ghosthands.middleware.WholeFilesMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ghosthands.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
APPEND_SLASH = False
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ---- Database --------------------------------------------------------------------------------------------
DATABASE_URL = database("DATABASE_URL", env.str("DATABASE_URL", default="") or ensure_database())
DATABASE_DIRECT_URL = database(
    "DATABASE_DIRECT_URL", env.str("DATABASE_DIRECT_URL", default="") or DATABASE_URL
)


def _database(url: str) -> dict[str, Any]:
    config: dict[str, Any] = dict(env.db_url_config(url))
    options = config.setdefault("OPTIONS", {})
    options.setdefault("application_name", "ghosthands")
    # A transaction-mode pooler keeps no prepared statements and no cursors between transactions.
    config["DISABLE_SERVER_SIDE_CURSORS"] = DATABASE_DIRECT_URL != DATABASE_URL
    config["CONN_HEALTH_CHECKS"] = True
    return config


DATABASES = {"default": _database(DATABASE_URL)}

# ---- Files -----------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = GH_DATA_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# Pictures and resumes show people: nobody else on this machine may read them.
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
GH_S3_BUCKET = env.str("GH_S3_BUCKET", default="")
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if GH_S3_BUCKET:
    STORAGES["default"] = {
        "BACKEND": "ghosthands.object_storage.ObjectStorage",
        "OPTIONS": {
            "bucket_name": GH_S3_BUCKET,
            "endpoint_url": env.str("GH_S3_ENDPOINT", default="") or None,
            "file_overwrite": False,
        },
    }
MEDIA_ROOT = env.str("GH_MEDIA_DIR", default=str(GH_DATA_DIR / "media"))

# ---- REST ------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "jobs.api.authentication.ServiceKeyAuthentication",
        "jobs.api.authentication.JwtAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["jobs.api.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "jobs.api.errors.exception_handler",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "GhostHands",
    "DESCRIPTION": "Browser chores from a durable queue.",
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "JobStatusName": "valet.answers.STATUSES",
        "PartStatus": "ghosthands.monitoring.shapes.STATUSES",
        "ServiceStatus": "ghosthands.monitoring.shapes.SERVICE_STATUSES",
        "WorkerStatus": "ghosthands.monitoring.shapes.WORKER_STATUSES",
    },
}

# ---- Logs ------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("GH_LOG_LEVEL", default="INFO")},
    "loggers": {"django.request": {"level": "ERROR"}, "httpx": {"level": "WARNING"}},
}
