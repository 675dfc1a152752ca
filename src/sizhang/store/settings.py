"""Django's settings where only the schema is wanted: for `makemigrations --check` and the type checker. No ledger lives here."""

DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
INSTALLED_APPS = ["sizhang.store"]
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
