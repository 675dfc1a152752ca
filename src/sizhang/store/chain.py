"""The hash chain over entries.

An entry's canonical bytes are its fields in a fixed order, as UTF-8, separated by U+001F: number in the chain, client id, promise, verb,
source stage, target stage, steps, day (days since 1970-01-01), instant (microseconds since then, UTC), person, body, text, surplus
(0 or 1), SHA-256 of each file of evidence separated by a blank, lots separated by U+001E. No field may hold U+001E or U+001F. The hash
of an entry is SHA-256 of the hash before it (32 bytes, zeros before the first) and these bytes.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Final

from sizhang.core.errors import LedgerError
from sizhang.core.ledger import Entry

START: Final = bytes(32)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_FIELD: Final = "\x1f"
_ITEM: Final = "\x1e"


def canonical_bytes(seq: int, entry: Entry) -> bytes:
    """The bytes of an entry that are chained.

    Raises:
        LedgerError: a text holds one of the two separators.
    """
    texts = (entry.client_id, entry.promise, entry.person, entry.body, entry.text, *entry.lots)
    line = _FIELD.join(
        (
            str(seq),
            entry.client_id,
            entry.promise,
            entry.verb,
            str(int(entry.source)),
            str(int(entry.target)),
            str(entry.steps),
            str(day_number(entry.effective_on)),
            str(instant_number(entry.recorded_at)),
            entry.person,
            entry.body,
            entry.text,
            "1" if entry.surplus else "0",
            " ".join(entry.evidence),
            _ITEM.join(entry.lots),
        )
    )
    if line.count(_FIELD) != 14 or line.count(_ITEM) != max(len(entry.lots) - 1, 0):
        bad = next(text for text in texts if _FIELD in text or _ITEM in text)
        raise LedgerError(
            f"A control character (U+001E or U+001F) stands in {bad!r}.", where=entry.promise, remedy="Take the control character out."
        )
    return line.encode("utf-8")


def link(before: bytes, canonical: bytes) -> bytes:
    """The hash of an entry, 32 bytes."""
    return sha256(before + canonical).digest()


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
