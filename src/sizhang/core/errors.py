"""Errors that say what is wrong, where, with the numbers, and then the remedy."""

from __future__ import annotations


class SizhangError(Exception):
    """A fault of the input that its user can mend.

    Args:
        what: one sentence, with the numbers: what is wrong.
        remedy: one sentence in the imperative: what to do about it.
        where: the file, page, row or line, when it is known.
    """

    def __init__(self, what: str, *, remedy: str, where: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.where = where

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.what} {self.remedy}"


class InputError(SizhangError):
    """A file that cannot be read as what it claims to be."""


class MissingExtraError(SizhangError):
    """A feature whose optional library or program is not installed."""


class LedgerError(SizhangError):
    """A booking or a question that a law of the ledger refuses."""
