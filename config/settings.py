"""Django's settings: every value that differs between places comes from the environment (docs/settings.md)."""

# ruff: noqa: E402 - whatever asks for a zone comes after the choice of its rules
import os
import zoneinfo

# Zone rules come from the tzdata package alone: what the system has is older, and different on each machine. The variable
# is for processes that are started from here; a zone that was made before keeps the rules it was made with.
os.environ["PYTHONTZPATH"] = ""
zoneinfo.reset_tzpath(())
zoneinfo.ZoneInfo.clear_cache()

import base64
import secrets
from pathlib import Path
from typing import Any

from config import environment as env
from config import setting_rules as rules
from config import time_limits
from config.api_settings import RATES, REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: F401 - Django reads them here
from config.sign_in_settings import *  # noqa: F403 - all of it is Django's to read
from config.watching import log_writing

BASE_DIR = Path(__file__).resolve().parent.parent

ENGAGE_ENV = env.choice("ENGAGE_ENV", ("production", "demo", "test"), "production")
PRODUCTION = ENGAGE_ENV == "production"
DEBUG = False

# Tools that only import the settings (type checker, makemigrations --check, schema) need no secrets and no
# server; a process that serves is refused without them by config.startup.refusing.
_TOOL = not any(os.environ.get(name) for name in ("DATABASE_URL", "DATABASE_URL_FILE"))


def _made_up_key() -> str:
    return "1:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


if _TOOL:
    os.environ.setdefault("DATABASE_URL", "postgres://localhost/engage")
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(64))
    os.environ.setdefault("CONTACT_KEYS", _made_up_key())
    os.environ.setdefault("LINK_KEYS", _made_up_key())
    os.environ.setdefault("FINGERPRINT_KEY", _made_up_key().partition(":")[2])
STARTED_WITHOUT_SERVER = _TOOL
rules.zone_rules_are_new_enough()

SECRET_KEY = env.text("SECRET_KEY")
CONTACT_KEYS = env.keys("CONTACT_KEYS")
FINGERPRINT_KEY = env.key("FINGERPRINT_KEY")
LINK_KEYS = env.keys("LINK_KEYS")
# The web has the public half and the worker the private one; where neither is set, both come from CONTACT_KEYS.
INTAKE_PUBLIC_KEY = next(iter(env.keys_if_any("INTAKE_PUBLIC_KEY")), None)
INTAKE_PRIVATE_KEYS = env.keys_if_any("INTAKE_PRIVATE_KEYS")
_keys = [
    ("FINGERPRINT_KEY", FINGERPRINT_KEY),
    *((f"CONTACT_KEYS {number}", key) for number, key in CONTACT_KEYS),
    *((f"LINK_KEYS {number}", key) for number, key in LINK_KEYS),
    *((f"INTAKE_PRIVATE_KEYS {number}", key) for number, key in INTAKE_PRIVATE_KEYS),
]
rules.intake_keys_are_a_pair(INTAKE_PUBLIC_KEY, INTAKE_PRIVATE_KEYS)
rules.keys_differ(SECRET_KEY, _keys)

PUBLIC_URL = env.address("PUBLIC_URL", "http://127.0.0.1:8000")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", rules.host_of(PUBLIC_URL))
if not PRODUCTION:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")
THROTTLES = env.text("THROTTLES", "on")
WEB_THREADS = env.whole_number("WEB_THREADS", 8, least=1, most=200)

# --- databases: the web and the worker have no DDL, the owner migrates -------------------------------------------
_app = env.database("DATABASE_URL")
_owner = env.database("DATABASE_OWNER_URL", env.text("DATABASE_URL"))
for _database in (_app, _owner):
    _database["CONN_HEALTH_CHECKS"] = True
    # Values travel apart from the statement, so that a logged statement holds no resident's words.
    _database["OPTIONS"] = {"server_side_binding": True, "connect_timeout": 5} | _database["OPTIONS"]
    _database["ATOMIC_REQUESTS"] = False
time_limits.give_both(app=_app, owner=_owner)
_app["CONN_MAX_AGE"] = env.whole_number("DATABASE_CONN_MAX_AGE", 60, least=0, most=86_400)
DATABASES: dict[str, dict[str, Any]] = {
    "default": _app | {"TEST": {"MIRROR": "owner"}},
    "owner": _owner,
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- what runs ---------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "pgtrigger",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "engage",
    "events",
    "outreach",
    "api",
    "web",
    "config",
    *([] if PRODUCTION else ["demo"]),
]
MIDDLEWARE = [
    "config.watching.request_logging.RequestLog",
    "config.serving.crowded_threads.CrowdedThreads",
    "config.serving.body_limiting.BodyLimit",
    "web.site.frames.private.PrivatePages",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "web.account.middleware.LastSeen",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "web.account.second_factors.SecondFactorFirst",
    "web.account.what_ends.AccessStates",
    "web.account.middleware.OwnLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.serving.trying_again.AgainOnce",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before the apps', since some of these stand in for allauth's.
        "DIRS": [BASE_DIR / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            # Its `csrf_token` also gives each form the key under which it is one act, however often it is sent.
            "builtins": ["web.templatetags.form_keys"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
FORM_RENDERER = "web.site.forms.drawing.QuickForms"

# --- people who sign in ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "engage.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "engage.people.passwords.NotOfOurWords"},
]

MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

# --- language and time -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
# Without texts of its own: to look at every public page from right to left. Never offered to readers.
LAYOUT_LANGUAGES = [] if PRODUCTION else ["ar"]
LOCALE_PATHS = [BASE_DIR / part / "locale" for part in ("engage", "events", "outreach", "web")]
FORMAT_MODULE_PATH = ["web.site.languages.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- files -------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
# Collected for production; elsewhere the files are served from where they stand.
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
LARGEST_BODY = 12 * 1024 * 1024

# --- cache and broker: a doorbell, nothing that must survive -------------------------------------------------------
_broker = env.broker("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "config.caching.patient_cache.PatientCache",
        "LOCATION": _broker.cache_url,
        "KEY_PREFIX": env.text("CACHE_PREFIX", "engage"),
        "OPTIONS": {"socket_timeout": 1.0, "socket_connect_timeout": 0.5},
    }
}
CELERY_BROKER_URL = _broker.celery_url
# The cache asks for the server's certificate by itself; Celery takes any, and tells it the password.
CELERY_BROKER_USE_SSL = (
    {"ssl_cert_reqs": "required", "ssl_check_hostname": True} if _broker.speaks_tls else None
)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "socket_timeout": 5.0,
    "socket_connect_timeout": 1.0,
    "global_keyprefix": env.text("CACHE_PREFIX", "engage") + ":",
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

# --- mail --------------------------------------------------------------------------------------------------------
MAIL_SERVER = env.mail_server("EMAIL_URL", "smtp://127.0.0.1:25")
MAIL_FROM = env.sender("MAIL_FROM", "meetings@localhost" if not PRODUCTION or _TOOL else None)
DKIM = env.signer("DKIM_SELECTOR", "DKIM_DOMAIN", "DKIM_KEY", of=MAIL_FROM)
# A mark of 40 letters and its plus stand before the @, where 64 find room (outreach.bounces.return_addresses).
BOUNCE_ADDRESS = env.bounce_address("BOUNCE_ADDRESS", longest=23)
BOUNCES_URL = env.bounces_at("BOUNCES_URL", address_name="BOUNCE_ADDRESS")
EMAIL_IN_CLEAR_TO = env.words("EMAIL_IN_CLEAR_TO")

# --- logs and numbers ---------------------------------------------------------------------------------------------
LOGGING = log_writing.configuration(env.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"))
ERASURE_LIST = env.text("ERASURE_LIST", "")
METRICS_TOKEN, SECURITY_CONTACT = env.text("METRICS_TOKEN", ""), env.contact("SECURITY_CONTACT")

# --- guard -------------------------------------------------------------------------------------------------------
_https = PUBLIC_URL.startswith("https://")
SECURE_SSL_REDIRECT = False  # the reverse proxy redirects; health checks inside speak plain HTTP
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _https
SECURE_HSTS_PRELOAD = _https
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# On https no other host of the domain can set or replace them; the door's has a path of its own, so one prefix less.
_host, _secure = ("__Host-", "__Secure-") if _https else ("", "")
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_host}sessionid", f"{_host}csrftoken"
DEVICE_COOKIE_NAME, LANGUAGE_COOKIE_NAME = f"{_host}device", f"{_host}language"
MESSAGES_COOKIE_NAME, DOOR_COOKIE_NAME = f"{_host}messages", f"{_secure}door"
MESSAGE_STORAGE = "web.site.message_cookie.SaidOnce"
SPECTACULAR_SETTINGS["APPEND_COMPONENTS"]["securitySchemes"]["session"]["name"] = SESSION_COOKIE_NAME
CSRF_FAILURE_VIEW = "config.serving.error_answers.csrf_failed"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
# What SECURE_SSL_REDIRECT would do is done by the proxy in docker-compose.yml (docs/settings.md).
SILENCED_SYSTEM_CHECKS = ["security.W008"]

# --- what the documents forbid the start refuses ------------------------------------------------------------------
if PRODUCTION and not _TOOL:
    rules.keys_are_strong(SECRET_KEY, _keys)
    rules.the_way_in_is_safe(PUBLIC_URL, ALLOWED_HOSTS, TRUSTED_PROXIES)
    rules.mail_is_not_read_on_its_way(MAIL_SERVER, EMAIL_IN_CLEAR_TO)
    rules.bounces_are_not_read_on_their_way(BOUNCES_URL)
    rules.throttles_hold(THROTTLES)
