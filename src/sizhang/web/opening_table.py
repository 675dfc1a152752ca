"""Promises of a year taken in from a pasted table: every faulty cell is marked, and nothing is opened until all are right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from django.utils.translation import gettext as _

from sizhang.app.open import ByHand, Opening, open_by_hand
from sizhang.core.errors import LedgerError, SizhangError
from sizhang.core.period import YEAR_MAX, YEAR_MIN, parse_period
from sizhang.core.promise import DOMAINS
from sizhang.core.quantity import get_unit, parse_number, split_unit
from sizhang.store.connection import Store
from sizhang.store.registers import load_bodies
from sizhang.web.rows import domain_name
from sizhang.web.tables import Table, read_table
from sizhang.web.telling import told_fault

COLUMNS: Final = {
    "title": ("承诺", "promise", "title"),
    "number": ("数量", "number", "amount"),
    "unit": ("计量单位", "unit"),
    "body": ("牵头单位", "body"),
    "domain": ("领域", "domain"),
    "deadline": ("期限", "deadline"),
}
NEEDED: Final = ("title", "body")


@dataclass
class Openings:
    """A table that was read, with the promise of each row that has no fault."""

    table: Table
    orders: list[tuple[ByHand, Opening]] = field(default_factory=list)

    @property
    def faulty(self) -> bool:
        """Whether anything must be mended first."""
        return self.table.faulty


def read_openings(store: Store, text: str, year: int) -> Openings:
    """Read a pasted table, check every cell, and rehearse the whole where all cells are right.

    Raises:
        LedgerError: the year is none, or the heading lacks a column.
    """
    if not YEAR_MIN <= year <= YEAR_MAX:
        raise LedgerError(_("没有写年份。"), remedy=_("写四位数的年份，例如 2025。"))
    out = Openings(read_table(text, COLUMNS, NEEDED))
    checks = _checks(store)
    for row in out.table.rows:
        for name, check in checks.items():
            row.check(name, check)
        if not row.faults:
            out.orders.append((_by_hand(row.cells), Opening(year, row.cells["body"], client_id=_identity(year, row.line, row.cells))))
    if not out.faulty:
        with store.rehearsal():
            for row, (hand, opening) in zip(out.table.rows, out.orders, strict=True):
                try:
                    open_by_hand(store, hand, opening)
                except SizhangError as fault:
                    row.faults[""] = told_fault(fault)
    return out


def open_table(store: Store, openings: Openings, year: int) -> int:
    """Open all of them; gives how many."""
    assert not openings.faulty
    with store.writing():
        receipts = [open_by_hand(store, hand, opening) for hand, opening in openings.orders]
    return sum(not receipt.again for receipt in receipts)


def _checks(store: Store) -> dict[str, Callable[[str], Any]]:
    bodies = load_bodies(store)
    domains = {word: domain for domain in DOMAINS for word in (domain, domain_name(domain))}

    def known_body(text: str) -> None:
        if text not in bodies:
            raise LedgerError(_("没有这个单位。"), remedy=_("先登记，或改成已登记的名称。"))

    def known_domain(text: str) -> None:
        if text not in domains:
            raise LedgerError(_("没有这个领域。"), remedy="、".join(domain_name(domain) for domain in DOMAINS))

    def number(text: str) -> None:
        if parse_number(text)[0] <= 0:
            raise LedgerError(_("数量要大于 0。"), remedy="")

    checks = {"number": number, "unit": lambda text: get_unit(split_unit(text)[1]), "body": known_body}
    return {**checks, "domain": known_domain, "deadline": parse_period}


def _by_hand(cells: dict[str, str]) -> ByHand:
    number, unit = parse_number(cells["number"]) if cells.get("number") else (None, "")
    domain = next((one for one in DOMAINS if cells.get("domain") in (one, domain_name(one))), "")
    amount: Decimal | None = number
    return ByHand(cells["title"], amount, unit or cells.get("unit", ""), domain=domain, deadline=cells.get("deadline", ""))


def _identity(year: int, line: int, cells: dict[str, str]) -> str:
    """The same table pasted again opens nothing again."""
    told = "\x1f".join([str(year), str(line), *(f"{name}={cells[name]}" for name in sorted(cells))])
    return f"taken-in-{sha256(told.encode()).hexdigest()[:32]}"
