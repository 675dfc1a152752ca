"""One promise from the report's sentence to its last write-off, told as a table, on both engines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pytest

from sizhang.app.amend import amend
from sizhang.app.body import add_body
from sizhang.app.claim import claim
from sizhang.app.init import equip
from sizhang.app.open import Opening, open_reading
from sizhang.app.order import Order
from sizhang.app.person import add_person
from sizhang.app.reject import reject
from sizhang.app.reopen import reopen
from sizhang.app.settle import settle
from sizhang.app.verify import verify
from sizhang.core.errors import LedgerError
from sizhang.core.promise import DraftPromise, Target
from sizhang.intake.document import document_of_lines
from sizhang.store.connection import Store

TEXT = "二、2026年工作安排\n加强生态建设，新增绿化1000亩。\n"
START = TEXT.index("新增绿化")
VERBS = {"claim": claim, "verify": verify, "reject": reject, "settle": settle, "amend": amend, "reopen": reopen}


class Step(NamedTuple):
    """A booking, and the balances after it: promised, claimed, verified, settled; or the word of the refusal."""

    day: str
    verb: str
    number: str
    by: str
    after: str


STORY = [
    Step("03-05", "claim", "300", "张三", "700 300 0 0"),
    Step("03-06", "verify", "300", "张三", "may not verify"),
    Step("03-06", "verify", "300", "林核", "has claimed on this promise"),
    Step("03-04", "verify", "200", "李四", "only 0 亩 could be taken from claimed"),
    Step("03-10", "verify", "200", "李四", "700 100 200 0"),
    Step("03-10", "reject", "50", "李四", "750 50 200 0"),
    Step("03-12", "settle", "201", "王五", "which holds 200 亩"),
    Step("03-12", "settle", "200", "王五", "750 50 0 200"),
    Step("06-01", "reopen", "20", "李四", "770 50 0 180"),
    Step("07-01", "amend", "-100", "", "670 50 0 180"),
    Step("11-01", "claim", "700", "张三", "which holds 670 亩"),
    Step("11-01", "claim", "670", "张三", "0 720 0 180"),
    Step("11-02", "amend", "80", "", "80 720 0 180"),
    Step("11-03", "claim", "80", "张三", "0 800 0 180"),
    Step("12-20", "verify", "800", "李四", "0 0 800 180"),
    Step("12-25", "settle", "800", "李四", "may not settle"),
    Step("12-25", "settle", "800", "王五", "0 0 0 980"),
]


@pytest.fixture
def city(ledger: Store) -> Store:
    equip(ledger)
    for body in ("市林业局", "市审计局", "市政府办"):
        add_body(ledger, body)
    add_person(ledger, "张三", "市林业局", ["reporter"])
    add_person(ledger, "林核", "市林业局", ["verifier"])
    add_person(ledger, "李四", "市审计局", ["verifier"])
    add_person(ledger, "王五", "市政府办", ["keeper"])
    return ledger


def test_from_the_sentence_to_the_last_write_off(city: Store) -> None:
    words = "新增绿化1000亩"
    target = Target(0, 0, "1000亩", Decimal(1000), "亩", "=", "amount", "绿化")
    draft = DraftPromise(START, START + len(words), words, "quantity", "ecology", "plan", None, (target,), (), 0.9)
    opened = open_reading(city, [draft], document_of_lines(TEXT, "report.txt"), Opening(2026, "市林业局"))
    assert [(one.promise, one.measure, one.unit, one.balance.promised) for one in opened.standings] == [
        ("2026-001", "amount", "亩", 100_000)
    ]
    for place, step in enumerate(STORY, start=1):
        day = date.fromisoformat(f"2026-{step.day}")
        order = Order(
            "2026-001", Decimal(step.number), by=step.by, on=day, text=f"第{place}步", surplus=step.number == "80" and step.verb == "amend"
        )
        if not step.after[0].isdigit():
            with pytest.raises(LedgerError, match=step.after):
                VERBS[step.verb](city, order)
            continue
        (standing,) = VERBS[step.verb](city, order).standings
        found = " ".join(f"{Decimal(steps) / 100:f}" for steps in standing.balance[:4])
        assert found == step.after, f"step {place} {step}"
    assert standing.balance.surplus == 8_000
    assert standing.balance.pledge == -98_000
