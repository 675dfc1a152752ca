"""`amend` 调账: a document changes how much is promised; what was delivered beyond the promise is an amendment marked surplus."""

from __future__ import annotations

from sizhang.app.booking import Case, book_order, steps_of_number
from sizhang.app.order import Order, Receipt
from sizhang.core.account import MEASURES, SINGLE, parse_terms
from sizhang.core.errors import LedgerError, Words
from sizhang.core.ledger import Entry, Stage
from sizhang.store.connection import Store


def amend(store: Store, order: Order) -> Receipt:
    """Book a change of the promise: pledge → promised where `order.number` is over 0, promised → pledge where it is under.

    `order.text` names the deciding document.

    Raises:
        LedgerError: there is no document, more is taken back than is still promised, or the promise is one item that cannot grow.
    """
    return book_order(store, "amend", order, _entries)


def _entries(case: Case) -> list[Entry]:
    promise, order = case.promise, case.order
    if order.number is None:
        raise LedgerError(
            Words("调账没有写数量。", "An amendment without a number."),
            where=promise.number,
            remedy=Words("请写 +50 或 -50。", "Write +50 or -50."),
        )
    steps, upward = steps_of_number(promise, order), order.number > 0
    if upward and (promise.measure in SINGLE or (promise.measure in ("members", "stages") and parse_terms(promise.terms).names)):
        raise LedgerError(
            Words(
                f"“{MEASURES[promise.measure].zh}”类承诺的内容已定，不能调增。",
                f"A promise of the measure {promise.measure} is fixed by what it names, and cannot grow.",
            ),
            where=promise.number,
            remedy=Words("新增的部分请另建一条承诺。", "Open a promise of its own for what was added."),
        )
    if not upward and steps > promise.balance.promised:
        held = promise.show(promise.balance.promised)
        raise LedgerError(
            Words(
                f"要调减 {promise.show(steps)} {promise.symbol}，“在账”只有 {held} {promise.symbol}。",
                f"amend 调账 takes back {promise.show(steps)} {promise.symbol}, and only {held} are still promised.",
            ),
            where=promise.number,
            remedy=Words(
                "已交、已销的不能调减；最多调减“在账”的数。",
                "What was claimed or settled is done: take back at most what is still promised.",
            ),
        )
    entry = case.entry(steps)
    return [entry if upward else entry._replace(source=Stage.PROMISED, target=Stage.PLEDGE)]
