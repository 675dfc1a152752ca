"""Nobody signs up by himself: the administrator makes the accounts."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in for the accounts that exist."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
