"""Words that carry both languages, as the reader of the page is told them."""

from __future__ import annotations

from django.utils.translation import get_language

from sizhang.core.errors import Language, SizhangError, Words


def reader_language() -> Language:
    """The language of the page that is being written."""
    return "en" if get_language() == "en" else "zh"


def told(words: Words) -> str:
    """The words, in the reader's language."""
    return words.said(reader_language())


def told_fault(fault: SizhangError) -> str:
    """What is wrong and the remedy, in the reader's language."""
    return fault.said(reader_language())
