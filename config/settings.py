"""Django's settings, made from the environment.

Local (no DATABASE_URL, or DEBUG): plain HTTP, static files straight from the checkout.
Production: everything that `manage.py check --deploy` asks for.
"""

import os
from typing import Any

import django_stubs_ext
from django.utils.csp import CSP

from config.embedded import Services
from config.embedded.postgres import DATABASE, USER
from config.environment import CHECKOUT, LOCAL_HOSTS, environment
from config.secrets_file import kept_secret
from config.serving.names import HEALTH, LANE
from config.serving.patience import pool_of_patient

# Some of Django's classes are generic in their types alone; this lets them be so at run time.
django_stubs_ext.monkeypatch()

ENVIRONMENT = environment()
BASE_DIR = CHECKOUT
THRILLWIKI_HOME = ENVIRONMENT.thrillwiki_home
IS_LOCAL = ENVIRONMENT.is_local

DEBUG = ENVIRONMENT.debug
# Every component in its states, for whoever develops their look.
STYLEGUIDE = DEBUG
SECRET_KEY = (
    ENVIRONMENT.secret_key.get_secret_value()
    if ENVIRONMENT.secret_key is not None
    else kept_secret(THRILLWIKI_HOME / "secret_key", 50)
)
SECRET_KEY_FALLBACKS = ENVIRONMENT.secret_key_fallbacks
# Who asks how the wiki is does so by whatever address reaches it, and is told nothing by it.
ALLOWED_HOSTS = (
    ["*"] if os.environ.get(LANE) == HEALTH else ENVIRONMENT.allowed_hosts or LOCAL_HOSTS
)

INSTALLED_APPS = [
    "config",
    "wiki",
    "projections",
    "versioning",
    "eventstore",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.humanize",  # the list of passkeys tells how long ago each was used by it
    "django.contrib.messages",
    "django.contrib.sitemaps",
    # Before staticfiles: in development too, WhiteNoise serves them as it will in production.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    # Its templates are found by the renderer below, beside ours.
    "django.forms",
]
FORM_RENDERER = "wiki.forms.widgets.WidgetRenderer"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Before files are served: a picture of ours that is opened by itself is a page, too.
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "wiki.accounts.reading.ReaderMiddleware",
    "config.errors.ErrorPageMiddleware",
    "wiki.requests.networks.NetworkMiddleware",
    "config.serving.budgets.HeavyMiddleware",
    "wiki.rights.private.PrivateMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Last: session and user are there before a viewpoint is entered.
    "wiki.viewpoints.middleware.ViewpointMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

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
                "wiki.viewpoints.banner.viewpoint_context",
                "wiki.requests.preferences.chosen",
            ],
        },
    }
]


# Data

EMBEDDED = Services(
    THRILLWIKI_HOME,
    with_postgres=ENVIRONMENT.database_url is None,
    with_valkey=ENVIRONMENT.redis_url is None,
)


# Beside the database, not in it: each clean audit notes there where the log ended.
LOG_HEADS_FILE = THRILLWIKI_HOME / "heads.txt"
# What was erased, to be erased again from a backup that is older: see docs/how-to/erase.md.
ERASURES_FILE = THRILLWIKI_HOME / "erasures.jsonl"


def _patience() -> str:
    """How long PostgreSQL goes on for a request; commands take what they take."""
    if LANE not in os.environ:
        return ""
    statement = round(ENVIRONMENT.statement_timeout * 1000)
    idle = round(ENVIRONMENT.idle_timeout * 1000)
    return f" -c statement_timeout={statement} -c idle_in_transaction_session_timeout={idle}"


def _database() -> dict[str, Any]:
    parameters = ENVIRONMENT.database_parameters()
    if not parameters:
        parameters = {"host": EMBEDDED.postgres.host, "user": USER, "dbname": DATABASE}
    options = str(parameters.pop("options", "")) + _patience()
    # A reading request keeps a connection to its end: one for each thread, and some spare.
    pool = {"min_size": 1, "max_size": ENVIRONMENT.threads + 4, "timeout": 1.5}
    if LANE in os.environ:
        pool |= pool_of_patient(ENVIRONMENT.statement_timeout)
    return {
        "ENGINE": "versioning.postgresql",
        "NAME": parameters.pop("dbname"),
        "USER": parameters.pop("user", ""),
        "PASSWORD": parameters.pop("password", ""),
        "HOST": parameters.pop("host", ""),
        "PORT": str(parameters.pop("port", "")),
        # A server that was restarted leaves dead connections in the pool.
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {
            **parameters,
            "pool": pool,
            # Statements that ask to be prepared are; Django's own would never do so often enough.
            # (Without a number here, psycopg prepares nothing at all, whatever it is told.)
            "prepare_threshold": 1_000_000_000,
            # Plans for SSDs; compiling a plan costs more than any of our queries runs.
            "options": f"{options} -c random_page_cost=1.1 -c jit=off".strip(),
        },
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Where the processes of a served wiki find each other: sockets, and what is kept of them.
SERVING_FOLDER = EMBEDDED.paths.sockets

REDIS_URL = ENVIRONMENT.redis_url or EMBEDDED.valkey.url
# In front of every key that is ours, so that one server can serve several wikis (and tests).
REDIS_PREFIX = "thrillwiki"

# Bytes of a form; the front takes in somewhat more, for it has no page of ours to refuse with.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# Language and time

LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"


# Accounts

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# Absolute: nobody signs in within a viewpoint, whose prefix a named address would get.
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

MAIL_SERVER = ENVIRONMENT.mail_server()
# Without a server nothing is sent, and nobody is asked for an address.
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": MAIL_SERVER,
    }
    if MAIL_SERVER
    else {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
}
DEFAULT_FROM_EMAIL = ENVIRONMENT.mail_from or "thrillwiki@localhost"

ACCOUNT_ADAPTER = "wiki.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "wiki.accounts.forms.SignInForm",
    "signup": "wiki.accounts.forms.SignUpForm",
}
# Asked for twice where no mail could bring a new one.
ACCOUNT_SIGNUP_FIELDS = (
    ["username*", "email*", "password1*"]
    if MAIL_SERVER
    else ["username*", "password1*", "password2*"]
)
# Filled in by programs alone: nobody sees it, and what is sent with it makes no account.
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "homepage"
ACCOUNT_LOGIN_METHODS = {"username", "email"} if MAIL_SERVER else {"username"}
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if MAIL_SERVER else "none"
# A code is typed where the account is made; a link is opened by whatever reads mail first.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = bool(MAIL_SERVER)
ACCOUNT_EMAIL_NOTIFICATIONS = bool(MAIL_SERVER)
ACCOUNT_EMAIL_SUBJECT_PREFIX = "ThrillWiki: "
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if IS_LOCAL else "https"
# What guesses codes or sends mail. Passwords and new accounts are counted by `wiki.limits`, for
# here a stranger could lock an account's owner out.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "5/5m/key",
    "reset_password": "10/h/ip,3/h/key",
    "confirm_email": "1/m/key",
    "manage_email": "10/h/user",
    "signup": None,
    "login": None,
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "ThrillWiki"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = IS_LOCAL

# What must be known to all processes and outlive Valkey: codes that were used. Pages are kept
# elsewhere (`projections.cache`).
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "wiki_used_code",
    }
}


# Static files

# Absolute: a relative one would be joined to the first viewpoint's prefix, for the whole process.
STATIC_URL = "/static/"
# Folder by folder: static/src holds what these are built from, and is not served.
STATICFILES_DIRS = [(name, BASE_DIR / "static" / name) for name in ("css", "img", "js", "vendor")]
# Locally nothing is collected: WhiteNoise finds the files where they are.
STATIC_ROOT = None if IS_LOCAL else ENVIRONMENT.static_root
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if IS_LOCAL
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = IS_LOCAL
WHITENOISE_AUTOREFRESH = DEBUG


# Security. No nonce: it would change every body, and nothing of ours is inline.

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"

if ENVIRONMENT.behind_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

if not IS_LOCAL:
    SECURE_SSL_REDIRECT = True
    # Health checks come from within, over plain HTTP.
    SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    # To be on browsers' own list is for a domain's owner to decide: it takes months to get off.
    # That no mail is sent is said where somebody would wait for some.
    SILENCED_SYSTEM_CHECKS = ["security.W021", *([] if MAIL_SERVER else ["mail.E001"])]
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrf"


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # A page that is not there is no event for the operator; only a failure of ours is.
    "loggers": {"django.request": {"level": "ERROR"}},
}
