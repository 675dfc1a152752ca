"""Django's settings of the site, all taken from the environment; a key that is missing is made and kept beside the ledger.

| variable | meaning |
| --- | --- |
| `SIZHANG_LEDGER` | the ledger: a path, or `postgresql://…` |
| `SIZHANG_HOSTS` | names under which the site answers, separated by blanks; this machine alone when not given |
| `SIZHANG_HTTPS` | `1` behind TLS: cookies only over TLS, HSTS, redirection |
| `SIZHANG_SECRET_KEY` | the key that signs sessions; made and kept beside the ledger when not given |
| `SIZHANG_CITY` | the name that the pages show |
| `SIZHANG_TODAY` | a day on which the ledger stands still, for demonstrations; see `core.day` |
| `SIZHANG_REQUEST_MB` | the largest request that is taken, in millions of bytes; 200 when not given |
| `SIZHANG_OIDC_…` | the OpenID provider by which people may sign in (`issuer`); none when not given |
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from sizhang.store.schema import settings_of
from sizhang.web.issuer import read_issuer

LEDGER = os.environ.get("SIZHANG_LEDGER", "sizhang.ledger")
CITY = os.environ.get("SIZHANG_CITY", "")
HTTPS = os.environ.get("SIZHANG_HTTPS", "") == "1"
HERE = Path(__file__).resolve().parent


def secret_key() -> str:
    """The key from the environment, or the one beside the ledger, made on first use and readable by its owner alone.

    Where there is no ledger nothing is made beside it: the key then lasts as long as this process.
    """
    given = os.environ.get("SIZHANG_SECRET_KEY")
    if given:
        return given
    made = secrets.token_urlsafe(64)
    if "://" not in LEDGER and not Path(LEDGER).is_file():
        return made
    # Not `.key`: that is the ledger's own, under which people are counted.
    path = Path("sizhang.site-key" if "://" in LEDGER else f"{LEDGER}.site-key")
    if not path.exists():
        # Written whole before it has its name: another worker never reads half a key.
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        draft.touch(0o600)
        draft.write_text(made, "ascii")
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text("ascii")


def database() -> dict[str, Any]:
    """The database of the ledger. A file is opened only where it is: SQLite would make an empty one in silence."""
    made = {**settings_of(LEDGER), "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    if "://" not in LEDGER:
        made["NAME"] = f"{Path(LEDGER).absolute().as_uri()}?mode=rw"
    return made


SECRET_KEY = secret_key()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("SIZHANG_HOSTS", "localhost 127.0.0.1 [::1]").split()
DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "sizhang.store",
    "sizhang.web",
]
MIDDLEWARE = [
    "sizhang.web.keeping.KeepingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "sizhang.web.middleware.RequestSizeMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sizhang.web.acts.ActMiddleware",
    "sizhang.web.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "sizhang.web.urls"
WSGI_APPLICATION = "sizhang.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [HERE / "templates"],
        "OPTIONS": {
            "environment": "sizhang.web.jinja.make_environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "sizhang.web.context.frame",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

AUTH_USER_MODEL = "web.Account"
AUTHENTICATION_BACKENDS = ["sizhang.web.backends.AccountBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
ACCOUNT_LOGOUT_REDIRECT_URL = "public"
ACCOUNT_ADAPTER = "sizhang.web.adapter.ClosedAdapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
# Failed sign-ins: five a quarter of an hour for one name, twenty a minute from one address. Clues: five a day from one address.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/15m/key",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "clue": "5/d/ip",
}
# Behind TLS there is one proxy, which names the client; limits are kept per client and not per proxy.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0
# An OpenID provider leads to accounts that there are; nobody signs up by it, and its tokens are not kept.
OIDC = read_issuer(os.environ)
SOCIALACCOUNT_ADAPTER = "sizhang.web.oidc.SiteAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Sizhang"

SESSION_ENGINE = "sizhang.web.sessions"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "sizhang.web.views.faults.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# No script, style, picture or connection but the site's own; nothing inline.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
# Without a folder of `collectstatic` the files are found in the packages.
STATIC_ROOT = os.environ.get("SIZHANG_STATIC") or None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
# Attempts are counted by all processes together; pieces of pages are kept by each for itself, where they are found soonest.
CACHES = {
    "default": {"BACKEND": "sizhang.web.counts.SharedCache"},
    "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 5_000}},
}
REQUEST_MB_MOST = int(os.environ.get("SIZHANG_REQUEST_MB", "200"))
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {"django": {"handlers": ["stderr"], "level": "WARNING"}},
}
