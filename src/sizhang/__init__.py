"""Sizhang 四账: a ledger of public promises that are written off only when somebody checked them."""

__version__ = "0.1.0"
