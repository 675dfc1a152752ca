"""The Django application of the store."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Models and migrations of the ledger."""

    name = "sizhang.store"
    label = "store"
    verbose_name = "四账 Ledger"
    default_auto_field = "django.db.models.BigAutoField"
