"""The hash chain over entries: see docs/chain.md, from which a stranger can recompute it.

An entry's canonical bytes are its fields in a fixed order, as UTF-8, separated by U+001F: number in the chain, client id, promise, unit,
decimals of a step, verb, source stage, target stage, steps, day (days since 1970-01-01), instant (microseconds since then, UTC), person,
body, text, surplus (0 or 1), SHA-256 of each file of evidence separated by a blank, lots separated by U+001E. No field may hold U+0000,
U+001E or U+001F. The hash of an entry is SHA-256 of the hash before it (32 bytes, zeros before the first) and these bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Final

from sizhang.core.errors import LedgerError, Words

START: Final = bytes(32)
FIELDS: Final = 17
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
FIELD: Final = "\x1f"
ITEM: Final = "\x1e"


def canonical_of(fields: Sequence[str], lots: int) -> bytes:
    """The bytes of an entry that are chained, of its fields as they are written; several may come as one, separated already.

    Args:
        fields: in their order; the last one holds `lots` lots.
        lots: how many.

    Raises:
        LedgerError: a text holds a character that may not stand in the chain.
    """
    line = FIELD.join(fields)
    if line.count(FIELD) != FIELDS - 1 or "\0" in line or line.count(ITEM) != (lots - 1 if lots else 0):
        raise _refusal(fields)
    try:
        return line.encode()
    except UnicodeEncodeError:
        raise _refusal(fields) from None


def _refusal(fields: Sequence[str]) -> LedgerError:
    bad = next((text for text in fields[1:] if text.count(FIELD) not in (0, 2) or set(text) & {ITEM, "\0"} or not _encodes(text)), "")
    return LedgerError(
        Words(
            f"{bad!r} 里有控制字符（U+0000、U+001E、U+001F）或半个字。",
            f"A control character (U+0000, U+001E or U+001F) or half a character stands in {bad!r}.",
        ),
        where=fields[2].split(FIELD)[0],
        remedy=Words("请删去。", "Take the character out."),
    )


def _encodes(text: str) -> bool:
    try:
        return bool(text.encode()) or True
    except UnicodeEncodeError:
        return False


def link(before: bytes, canonical: bytes) -> bytes:
    """The hash of an entry, 32 bytes."""
    return sha256(before + canonical).digest()


def link_all(before: bytes, lines: Sequence[str], items: int) -> list[bytes]:
    """The hashes of entries that follow one another.

    Args:
        before: the hash of the entry before the first of them.
        lines: the fields of each entry, as `canonical_of` joins them.
        items: how many U+001E separate the lots of all of them.

    Raises:
        ValueError: a text holds a character that may not stand in the chain; `canonical_of` says which.
    """
    # By construction no line has fewer separators than it must, so one count tells whether any has more.
    whole = "".join(lines)
    if whole.count(FIELD) != (FIELDS - 1) * len(lines) or "\0" in whole or whole.count(ITEM) != items:
        raise ValueError("a control character stands in an entry")
    hashes = []
    for line in lines:
        before = sha256(before + line.encode()).digest()
        hashes.append(before)
    return hashes


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - _EPOCH_DAY


def day_of(number: int) -> date:
    """The day of that number."""
    return date.fromordinal(number + _EPOCH_DAY)


def instant_number(instant: datetime) -> int:
    """Microseconds since 1970-01-01T00:00Z."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


def instant_of(number: int) -> datetime:
    """The instant of that number, in UTC."""
    return _EPOCH + timedelta(microseconds=number)
