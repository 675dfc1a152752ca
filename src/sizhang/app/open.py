"""`open` 建账: a recorder opens accounts, from the report's own sentences or one by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sizhang.app.booking import check_printable, check_roles, find_booked, get_clerk, receipt_of
from sizhang.app.order import Line, Order, Receipt
from sizhang.core.account import MEASURES, Account, Measure, Terms, accounts_of, steps_in
from sizhang.core.criterion import Criterion, better_side
from sizhang.core.errors import LedgerError, Words
from sizhang.core.ledger import UNRECORDED, Entry, Stage
from sizhang.core.period import YEAR_MAX, YEAR_MIN, parse_period
from sizhang.core.promise import DOMAINS, STRENGTHS, Basis, Comparator, DraftPromise
from sizhang.core.quantity import ITEM, MEMBER_UNIT, STAGE_UNIT, get_unit
from sizhang.core.rules import RuleBook
from sizhang.store.connection import Store
from sizhang.store.registers import (
    NewPromise,
    Person,
    PromiseRow,
    add_report,
    first_body_of,
    format_numbered,
    get_body,
    get_new_promise,
    get_promise,
    insert_promises,
    load_rules,
    next_number,
)
from sizhang.store.writing import append

if TYPE_CHECKING:
    from sizhang.intake.document import Document


@dataclass(frozen=True, slots=True)
class Opening:
    """Where and by whom accounts are opened.

    Attributes:
        body: the lead body.
        on: the day from which they stand in the books; None for the first day of the year.
    """

    year: int
    body: str
    by: str = ""
    on: date | None = None
    client_id: str = ""

    @property
    def day(self) -> date:
        """The day from which the accounts stand in the books."""
        return self.on or date(self.year, 1, 1)


@dataclass(frozen=True, slots=True)
class ByHand:
    """A promise that no report was read for.

    Attributes:
        number: how much; for a level or a cap the number of its target; None for an action.
        names: the members of a set, or the stages in their order.
        acceptance: what shows that an action was done.
    """

    title: str
    number: Decimal | None = None
    unit: str = ""
    measure: Measure | None = None
    op: Comparator = "="
    basis: Basis = "level"
    names: tuple[str, ...] = ()
    acceptance: str = ""
    domain: str = ""
    strength: str = "plan"
    deadline: str = ""


def open_by_hand(store: Store, hand: ByHand, opening: Opening) -> Receipt:
    """Open one account.

    Raises:
        LedgerError: something is missing for its measure, or is not known to the ledger.
    """
    with store.writing():
        clerk = _check_opening(store, opening)
        account = account_by_hand(hand, load_rules(store))
        check_printable(opening.client_id)
        number = _number_of_id(store, opening.client_id) if opening.client_id else None
        before = find_booked(store, "open", Order(number, client_id=opening.client_id)) if number else None
        if before is not None:
            _check_same(store, get_new_promise(store, before.standings[0].promise), before.lines[0], account, opening)
            return before
        return _open_accounts(store, [account], opening, clerk, None)


def _check_same(store: Store, held: NewPromise, line: Line, account: Account, opening: Opening) -> None:
    """Refuse an id under which another promise was opened: other words, another number, body, person or day."""
    again = new_promise(held.number, account, opening, held.parent, held.report)
    same = (
        (replace(again, body=held.body), account.steps) == (held, line.steps)
        and (opening.body == held.body or opening.body == first_body_of(store, held.number))
        and opening.on in (None, line.effective_on)
        and opening.by in ("", line.person)
    )
    if not same:
        zh = f"编号 {opening.client_id} 已经用过，内容不同：{held.number} {held.title[:40]}，{held.year} 年，{held.body}。"
        told = f"{held.number} {held.title[:40]}, {held.year}, {held.body}"
        en = f"The id {opening.client_id} was booked already with another content: {told}."
        remedy = Words("新的承诺请用新编号；重发旧的，内容要一样。", "Give a new id to a new promise; repeat an old one unchanged.")
        raise LedgerError(Words(zh, en), remedy=remedy)


def _number_of_id(store: Store, client_id: str) -> str | None:
    sql = "SELECT p.number FROM entry e JOIN promise p ON p.id = e.promise_id WHERE e.client_id = %s"
    found = store.rows(sql, [client_id])
    return str(found[0][0]) if found else None


def account_by_hand(hand: ByHand, rules: RuleBook) -> Account:
    """The account of a promise that is written by hand.

    Raises:
        LedgerError: something is missing for its measure.
    """
    if not hand.title.strip():
        raise LedgerError(
            Words("承诺没有写内容。", "A promise without words."),
            remedy=Words("请写明承诺什么：--title TEXT。", "Say what is promised: --title TEXT."),
        )
    for text in (hand.title, hand.unit, hand.acceptance, *hand.names):
        check_printable(text)
    if hand.domain and hand.domain not in DOMAINS:
        raise LedgerError(
            Words(f"没有“{hand.domain}”这个领域。", f"{hand.domain} is no domain."),
            remedy=Words(f"可用的有：{'、'.join(DOMAINS)}。", f"Give one of {', '.join(DOMAINS)}."),
        )
    if hand.strength not in STRENGTHS:
        raise LedgerError(
            Words(f"没有“{hand.strength}”这种力度。", f"{hand.strength} is no strength."),
            remedy=Words(f"可用的有：{'、'.join(STRENGTHS)}。", f"Give one of {', '.join(STRENGTHS)}."),
        )
    if hand.deadline:
        parse_period(hand.deadline)
    measure = hand.measure or ("action" if hand.number is None else "amount")
    more = (hand.domain, "", hand.strength, hand.deadline)
    if measure == "amount":
        if hand.number is None or not hand.unit:
            raise LedgerError(
                Words("数量类承诺没有写数量或计量单位。", "An amount without its number or its unit."),
                remedy=Words("两样都要写：--amount 1000 --unit 亩。", "Give both: --amount 1000 --unit 亩."),
            )
        return Account(hand.title, measure, *steps_in(hand.number, hand.unit), Terms(), *more)
    if measure in ("members", "stages"):
        if not hand.names:
            raise LedgerError(
                Words(f"“{MEASURES[measure].zh}”类承诺没有列出名称。", f"{measure} without names."),
                remedy=Words("请逐个列出：--name A --name B。", "Name each: --name A --name B."),
            )
        if len(set(hand.names)) < len(hand.names):
            raise LedgerError(Words("有名称写了两次。", "A name stands twice."), remedy=Words("每个名称只写一次。", "Name each once."))
        unit = get_unit(MEMBER_UNIT if measure == "members" else STAGE_UNIT)
        return Account(hand.title, measure, unit, len(hand.names), Terms(names=hand.names), *more)
    return Account(hand.title, measure, get_unit(ITEM), 1, _terms_by_hand(hand, measure, rules), *more)


def _terms_by_hand(hand: ByHand, measure: Measure, rules: RuleBook) -> Terms:
    if hand.number is None:
        if measure != "action":
            raise LedgerError(
                Words(f"“{MEASURES[measure].zh}”类承诺没有写目标。", f"A {measure} without its target."),
                remedy=Words('请写目标：--op ">=" --amount 25 --unit %。', 'Give it: --op ">=" --amount 25 --unit %.'),
            )
        return Terms(acceptance=hand.acceptance)
    if hand.op == "range":
        raise LedgerError(
            Words("手工建账不能写区间。", "A range cannot be given by hand."),
            remedy=Words("请把下限和上限分成两条承诺。", "Open its lower and its upper end as two promises."),
        )
    better = "less" if measure == "cap" else better_side(hand.op, hand.basis, hand.unit, hand.number)
    tolerance = rules.about_tolerance_pct if hand.op == "~" else Decimal(0)
    return Terms(Criterion(hand.op, hand.number, hand.unit, hand.basis, better, None, tolerance), acceptance=hand.acceptance)


def open_reading(store: Store, drafts: Sequence[DraftPromise], document: Document, opening: Opening) -> Receipt:
    """Open an account for every draft promise of a report, all or none; those that stand there already are not opened again.

    Raises:
        LedgerError: a draft's words are not those that stand in the report at its place.
    """
    for line, draft in enumerate(drafts, start=1):
        _check_words(line, draft, document)
    with store.writing():
        clerk = _check_opening(store, opening)
        tolerance = load_rules(store).about_tolerance_pct
        report = add_report(store, document.source, document.text)
        held = _opened_before(store, report, opening.year)
        accounts = [accounts_of(draft, tolerance) for draft in drafts]
        old = [get_promise(store, held[one.start, one.end]) for one in accounts if (one.start, one.end) in held]
        new = [one for one in accounts if (one.start, one.end) not in held]
        opened = _open_accounts(store, new, opening, clerk, report) if new else Receipt((), ())
        if not old:
            return opened
        note = (
            f"{len(drafts)} 条中有 {len(old)} 条已在账上，不重复建账 "
            f"{len(old)} of {len(drafts)} promises stand in the ledger already, and are not opened again."
        )
        before = receipt_of([], old, [note])
        return Receipt(opened.lines, (*before.standings, *opened.standings), before.notes)


def _check_words(line: int, draft: DraftPromise, document: Document) -> None:
    found = document.text[draft.start : draft.end] if 0 <= draft.start < draft.end <= len(document.text) else ""
    if found == draft.text:
        return
    place = next((i for i, (a, b) in enumerate(zip(found, draft.text, strict=False)) if a != b), min(len(found), len(draft.text)))
    raise LedgerError(
        Words(
            f"读取结果第 {line} 条写的是“{draft.text[:40]}”，报告第 {draft.start} 至 {draft.end} 字是“{found[:40]}”，"
            f"从第 {place + 1} 个字起不同。",
            f"Promise {line} of the reading says “{draft.text[:40]}”, the report has “{found[:40]}” at {draft.start} to {draft.end}; "
            f"they differ from character {place + 1} on.",
        ),
        where=document.source,
        remedy=Words(
            "请给出读取时用的报告，或重新读取：sizhang read。",
            "Give the report from which this reading was made, or read it again: sizhang read.",
        ),
    )


def _opened_before(store: Store, report: str, year: int) -> dict[tuple[int | None, int | None], str]:
    sql = (
        "SELECT p.source_start, p.source_end, p.number FROM promise p JOIN report r ON r.id = p.report_id "
        "WHERE r.sha256 = %s AND p.year = %s AND p.parent_id IS NULL"
    )
    return {(start, end): number for start, end, number in store.rows(sql, [report, year])}


def _check_opening(store: Store, opening: Opening) -> Person:
    if not YEAR_MIN <= opening.year <= YEAR_MAX:
        raise LedgerError(
            Words(
                f"{opening.year} 年不在 {YEAR_MIN} 至 {YEAR_MAX} 年之内。",
                f"The year {opening.year} lies outside {YEAR_MIN} to {YEAR_MAX}.",
            ),
            remedy=Words("请写报告的年份。", "Give the year of the report."),
        )
    first, last = date(max(opening.year - 1, YEAR_MIN), 1, 1), date(opening.year, 12, 31)
    if not first <= opening.day <= last:
        zh, en = (
            f"{opening.year} 年的承诺不能在 {opening.day} 上账。",
            f"What is promised for {opening.year} cannot stand in the books from {opening.day}.",
        )
        raise LedgerError(Words(zh, en), remedy=Words(f"写 {first} 到 {last} 的日期。", f"Give a day from {first} to {last}."))
    get_body(store, opening.body)
    person, _ = get_clerk(store, "open", opening.by, "")
    check_roles("open", person, load_rules(store), str(opening.year))
    return person


def _open_accounts(store: Store, accounts: Sequence[Account], opening: Opening, clerk: Person, report: str | None) -> Receipt:
    """Number the accounts, enter them, and book what each promises."""
    ordinal = next_number(store, opening.year)
    promises: list[tuple[NewPromise, Account]] = []
    for offset, account in enumerate(accounts):
        number = format_numbered(opening.year, ordinal + offset)
        promises.append((new_promise(number, account, opening, None, report), account))
        for child, part in enumerate(account.parts, start=1):
            promises.append((new_promise(f"{number}.{child:02d}", part, opening, number, report), part))
    return open_promises(store, promises, opening, clerk)


def new_promise(number: str, account: Account, opening: Opening, parent: str | None, report: str | None) -> NewPromise:
    """The row of an account."""
    return NewPromise(
        *(number, opening.year, account.title, account.measure, account.unit.symbol, account.unit.decimals, account.domain, account.kind),
        *(account.strength, account.deadline, opening.body, parent, report, account.start, account.end, account.terms.to_text()),
    )


def open_promises(store: Store, promises: Sequence[tuple[NewPromise, Account]], opening: Opening, clerk: Person) -> Receipt:
    """Enter promises, each parent before its children, and book what each promises; a heading of 0 steps gets no entry."""
    digests = insert_promises(store, [promise for promise, _ in promises])
    entries = [
        Entry(
            opening.client_id if opening.client_id and len(promises) == 1 else f"open:{promise.number}",
            promise.number,
            "open",
            Stage.PLEDGE,
            Stage.PROMISED,
            account.steps,
            opening.day,
            UNRECORDED,
            clerk.name,
            clerk.body,
            digests[promise.number],
        )
        for promise, account in promises
        if account.steps
    ]
    booked = append(store, entries)
    return receipt_of(booked, [_row_of(promise) for promise, _ in promises])


def _row_of(promise: NewPromise) -> PromiseRow:
    """The row as the ledger has it, without asking for it once more; the receipt puts in its balance."""
    from sizhang.core.ledger import Balance

    return PromiseRow(
        *(0, promise.number, promise.year, promise.title, promise.measure, promise.unit, promise.decimals, promise.domain),  # type: ignore[arg-type]
        *(promise.kind, promise.strength, promise.deadline, promise.terms, promise.body, promise.parent, Balance()),
    )
