"""What the database says when it refuses is told in both languages: every law of both databases has its Chinese."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sizhang.store
from random_ledger import register
from sizhang.store.connection import Store
from sizhang.store.laws import LAWS, words_of

FOLDER = Path(sizhang.store.__file__).parent


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_every_law_has_its_chinese_and_no_word_is_left_over(engine: str) -> None:
    said = re.findall(
        r"(?:RAISE\(ABORT, |RAISE EXCEPTION |ledger_refuses\()'([a-z][^']+)'", (FOLDER / f"laws_{engine}.sql").read_text("utf-8")
    )
    assert set(said) == set(LAWS)


def test_a_refusal_of_the_database_is_told_in_both_languages(ledger: Store) -> None:
    register(ledger, 1)
    with pytest.raises(ledger.refusals) as refused:
        ledger.execute("DELETE FROM promise")
    assert words_of(refused.value) == ("承诺不能删除", "promises never disappear")


def test_what_is_no_law_of_ours_stays_as_it_was_said() -> None:
    assert words_of(ValueError("disk full\nCONTEXT: more")) == ("disk full", "disk full")
