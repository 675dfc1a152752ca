"""Which day it is for the ledger."""

from __future__ import annotations

import os
from datetime import date
from typing import Final

from sizhang.core.errors import LedgerError, Words

# A day such as 2026-11-02 in the environment: a demonstration, a rehearsal or a test stands still on it.
VARIABLE: Final = "SIZHANG_TODAY"


def this_day() -> date:
    """Today: the computer's day, or the one that `SIZHANG_TODAY` names.

    It says what is due and which day an entry without a day has. When something was recorded is always told by the computer's clock.

    Raises:
        LedgerError: the variable names no day.
    """
    given = os.environ.get(VARIABLE, "")
    if not given:
        return date.today()
    try:
        return date.fromisoformat(given)
    except ValueError as fault:
        raise LedgerError(
            Words(f"{VARIABLE} 的“{given}”不是一天。", f"{VARIABLE} is “{given}”, which is no day."),
            remedy=Words("写成 2026-11-02 这样，或者不设它。", "Write it as 2026-11-02, or leave it out."),
        ) from fault


def is_pinned() -> bool:
    """Whether the day was given and not read from the computer."""
    return bool(os.environ.get(VARIABLE))
