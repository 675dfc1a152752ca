"""The site as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Accounts to sign in with, clues and objections: what belongs to the site and not to the ledger."""

    name = "sizhang.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Begin to log who signs in."""
        from sizhang.web.acts import listen

        listen()
