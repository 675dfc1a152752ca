"""Fixtures of the site's tests."""

from __future__ import annotations

from sites import site, site_template

__all__ = ["site", "site_template"]
