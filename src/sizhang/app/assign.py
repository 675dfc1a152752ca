"""`assign` 分工: name the lead body of a promise and those that support it; who led before stays known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sizhang.app.booking import check_roles, get_clerk, standing_of
from sizhang.app.order import Receipt
from sizhang.core.errors import LedgerError, Words
from sizhang.store.chain import instant_number
from sizhang.store.connection import Store
from sizhang.store.records import insert, write
from sizhang.store.registers import get_body, get_promise, load_rules


def assign(store: Store, number: str, lead: str, supporters: Sequence[str] | None = None, document: str = "", by: str = "") -> Receipt:
    """Make `lead` responsible, and replace the supporters unless they are None; no quantity moves.

    Raises:
        LedgerError: a body or the promise is not in the ledger, or the lead is to support itself.
    """
    with store.writing():
        promise = get_promise(store, number)
        person, _ = get_clerk(store, "open", by, "")
        check_roles("open", person, load_rules(store), number)
        body = get_body(store, lead or promise.body)
        if body.name != promise.body:
            write(store, "promise", "UPDATE promise SET body_id = %s WHERE id = %s", [body.id, promise.id])
        if supporters is not None:
            names = list(dict.fromkeys(supporters))
            if body.name in names:
                raise LedgerError(
                    Words(f"{body.name}是牵头单位，不能又是配合单位。", f"{body.name} leads, and cannot support itself."),
                    where=number,
                    remedy=Words("请从配合单位中去掉它。", "Leave it out of the supporters."),
                )
            write(store, "supporter", "DELETE FROM supporter WHERE promise_id = %s", [promise.id])
            insert(store, "supporter", "promise_id, body_id", [(promise.id, get_body(store, name).id) for name in names])
        held = load_supporters(store, promise.id)
        row = (promise.id, body.id, "\n".join(held), person.id, document, instant_number(datetime.now(UTC)))
        insert(store, "assignment", "promise_id, lead_id, supporters, person_id, document, recorded_at", [row])
        note = f"牵头 lead {body.name}" + (f"，配合 support {'、'.join(held)}" if held else "")
        return Receipt((), (standing_of(promise._replace(body=body.name)),), (note,))


def load_supporters(store: Store, promise_id: int) -> list[str]:
    """The names of the bodies that support a promise."""
    sql = "SELECT b.name FROM supporter s JOIN body b ON b.id = s.body_id WHERE s.promise_id = %s ORDER BY s.id"
    return [name for (name,) in store.rows(sql, [promise_id])]
