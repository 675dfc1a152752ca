"""The day of the ledger."""

from __future__ import annotations

from datetime import date

import pytest

from sizhang.core.day import VARIABLE, is_pinned, this_day
from sizhang.core.errors import LedgerError


def test_the_computers_day_unless_one_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    before = date.today()
    assert before <= this_day() <= date.today()
    assert not is_pinned()
    monkeypatch.setenv(VARIABLE, "2026-11-02")
    assert this_day() == date(2026, 11, 2)
    assert is_pinned()


@pytest.mark.parametrize("given", ["2026-02-30", "tomorrow", "2026年11月2日"])
def test_what_is_no_day_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, given)
    with pytest.raises(LedgerError, match=given):
        this_day()
