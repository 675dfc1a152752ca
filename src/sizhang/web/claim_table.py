"""Claims pasted from a spreadsheet: every faulty cell is marked, and nothing is booked until all are right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from django.utils.translation import gettext as _

from sizhang.app.claim import claim
from sizhang.app.import_claims import parse_day, parse_parts
from sizhang.app.order import NamedLot, Order
from sizhang.core.errors import LedgerError, SizhangError
from sizhang.core.quantity import get_unit, parse_number, split_unit
from sizhang.store.connection import Store
from sizhang.store.reading import read_promises
from sizhang.web.access import check_own
from sizhang.web.models import Account
from sizhang.web.tables import PastedRow, Table, check_grid
from sizhang.web.telling import told_fault

COLUMNS: Final = {
    "promise": ("编号", "承诺编号", "承诺", "promise", "number"),
    "quantity": ("数量", "完成数", "完成量", "quantity", "amount"),
    "unit": ("计量单位", "unit"),
    "on": ("日期", "业务日期", "on", "date"),
    "text": ("说明", "备注", "note", "text"),
    "lots": ("批次", "lots"),
}
_SUPPORTERS: Final = "SELECT p.number, b.name FROM supporter s JOIN promise p ON p.id = s.promise_id JOIN body b ON b.id = s.body_id"
NEEDED: Final = ("promise", "quantity", "on")


@dataclass
class Claims:
    """A table that was read, with the order of each row that has no fault."""

    table: Table
    orders: list[Order] = field(default_factory=list)

    @property
    def faulty(self) -> bool:
        """Whether anything must be mended first."""
        return self.table.faulty


def read_claims(store: Store, account: Account, grid: list[list[str]]) -> Claims:
    """Check every cell, and where all are right rehearse the whole, so that a row that the ledger refuses is marked too.

    Raises:
        InputError: there is no row, or the heading lacks a column.
    """
    out = Claims(check_grid(grid, COLUMNS, NEEDED))
    checks, seen = _checks(store, account), Counter[tuple[str, ...]]()
    for row in out.table.rows:
        for name, check in checks.items():
            row.check(name, check)
        key = tuple(row.cells.get(name, "") for name in COLUMNS)
        seen[key] += 1
        if not row.faults:
            out.orders.append(_order(account, row, (*key, str(seen[key]))))
    if not out.faulty:
        with store.rehearsal():
            for row, order in zip(out.table.rows, out.orders, strict=True):
                try:
                    claim(store, order)
                except SizhangError as fault:
                    row.faults[""] = told_fault(fault)
    return out


def book_claims(store: Store, claims: Claims) -> tuple[int, int]:
    """Book all of them or none; gives how many were booked, and how many stood in the ledger already."""
    assert not claims.faulty
    with store.writing():
        receipts = [claim(store, order) for order in claims.orders]
    again = sum(receipt.again for receipt in receipts)
    return len(receipts) - again, again


def _checks(store: Store, account: Account) -> dict[str, Callable[[str], Any]]:
    bodies = {one.number: {one.body} for one in read_promises(store)}
    for text, supporter in store.rows(_SUPPORTERS):
        bodies[text].add(supporter)

    def own(text: str) -> None:
        if text not in bodies:
            raise LedgerError(_("没有这个编号。"), remedy=_("到总账里查。"))
        check_own(account, frozenset(bodies[text]), text)

    def number(text: str) -> None:
        if parse_number(text)[0] <= 0:
            raise LedgerError(_("数量要大于 0。"), remedy="")

    return {"promise": own, "quantity": number, "unit": lambda text: get_unit(split_unit(text)[1]), "on": parse_day}


def _order(account: Account, row: PastedRow, told: tuple[str, ...]) -> Order:
    number, unit = parse_number(row.cells["quantity"])
    person = account.person.name if account.person else ""
    return Order(
        *(row.cells["promise"], number, unit or row.cells.get("unit", ""), person),
        on=parse_day(row.cells["on"]),
        text=row.cells.get("text", ""),
        client_id="paste-" + sha256("\x1f".join((person, *told)).encode()).hexdigest()[:32],
        lots=tuple(NamedLot(lot) for lot in parse_parts(row.cells.get("lots", ""))),
    )
