"""What all verbs have in common: who books, on which day, how much, which lots, and the entries that come of it.

The order of the checks is the order in which a person would mend the faults: the promise, the person, the number, the day, the lots.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from secrets import token_hex
from typing import Final

from sizhang.app.order import Line, Order, Receipt, Standing
from sizhang.core.body import belongs_to
from sizhang.core.day import this_day
from sizhang.core.errors import GIVE_OVER_ZERO, LedgerError, Words
from sizhang.core.ledger import STAGE_NAMES, UNRECORDED, VERBS, Entry, Stage, Verb, book, role_refused, too_much_taken
from sizhang.core.period import YEAR_MAX, check_day
from sizhang.core.period_words import parse_period_words
from sizhang.core.quantity import Quantity, get_unit, quantity_of, split_unit
from sizhang.core.rules import RuleBook
from sizhang.store import evidence as evidence_files
from sizhang.store.chain import day_number, day_of
from sizhang.store.connection import Store
from sizhang.store.identity import personal_identity
from sizhang.store.registers import Person, PromiseRow, find_setting, get_body, get_person, get_promise, load_bodies, load_rules
from sizhang.store.writing import Booked, append

# Who claims, verifies or rejects answers for it by name; the rest can be the ledger's office.
NAMED_VERBS: frozenset[Verb] = frozenset({"claim", "verify", "reject"})
OFFICE = "office"
_ID_MAX: Final = 180


@dataclass(frozen=True, slots=True)
class Case:
    """A booking half way: the order, and what the ledger knows about it."""

    store: Store
    verb: Verb
    order: Order
    promise: PromiseRow
    person: Person
    body: str
    on: date
    rules: RuleBook

    @property
    def standing(self) -> int:
        """How many steps stand where the verb takes from."""
        return stage_of(self.promise, VERBS[self.verb].source)

    def entry(self, steps: int, lots: Sequence[str] = (), part: int = 1) -> Entry:
        """An entry of this booking, the first with the order's own id."""
        rule, order = VERBS[self.verb], self.order
        client_id = id_of_part(order.client_id, part)
        return Entry(
            client_id,
            self.promise.number,
            self.verb,
            rule.source,
            rule.target,
            steps,
            self.on,
            UNRECORDED,
            self.person.name,
            self.body,
            order.text,
            order.surplus,
            lots=tuple(lots),
        )


def id_of_part(client_id: str, part: int) -> str:
    """The id of an entry of an order that is booked in several, the first with the order's own."""
    return client_id if part == 1 else f"{client_id} ·{part}"


def stage_of(promise: PromiseRow, stage: Stage) -> int:
    """How many steps stand at a stage."""
    balance = promise.balance
    return (balance.pledge, balance.promised, balance.claimed, balance.verified, balance.settled)[stage]


def open_case(store: Store, verb: Verb, order: Order) -> Case:
    """Find the promise, the person and the day of an order, and refuse who may not book it."""
    promise = get_promise(store, order.promise)
    person, body = get_clerk(store, verb, order.by, order.body)
    rules = load_rules(store)
    check_roles(verb, person, rules, promise.number)
    first, last = days_of(store, promise.id)
    on = order.on or max(this_day(), last)
    _check_day(verb, promise, on, first)
    if not order.client_id:
        order = _with_id(order)
    return Case(store, verb, order, promise, person, body, on, rules)


def _check_day(verb: Verb, promise: PromiseRow, on: date, first: date) -> None:
    """Refuse a day on which it cannot have been: before the promise's year and its account begin, or long after them.

    The allowance is the year after the promise's own, or after its deadline: for what is delivered late and checked later. What is not a
    claim can be as late as today, since audits look back for years. A day after today is let pass within these bounds, so that a whole
    year can be played through.
    """
    check_day(on)
    begins = max(first, date(promise.year, 1, 1))
    if on < begins:
        zh, en = (
            f"{on} 早于 {begins}，这条承诺从那天起才在账上。",
            f"{on} is before {begins}, the day from which the promise stands in the books.",
        )
        raise LedgerError(Words(zh, en), where=promise.number, remedy=Words("请换一个更晚的日期。", "Give a later day."))
    year = max(promise.year, parse_period_words(promise.deadline, begins)[-1].end.year if promise.deadline else promise.year)
    ends = date(min(year + 1, YEAR_MAX), 12, 31)
    if on > (ends if verb == "claim" else max(ends, this_day())):
        zh = f"{on} 晚于 {ends}：{year} 年的承诺，账只记到次年年底。"
        en = f"{on} is after {ends}: what is promised for {year} is booked until the end of the year after it."
        zh_remedy = "写办成的那一天；次年以后才办成的，先结转：sizhang carry-forward。"
        remedy = Words(zh_remedy, "Give the day on which it was; what is done later still is carried forward first: sizhang carry-forward.")
        raise LedgerError(Words(zh, en), where=promise.number, remedy=remedy)


def check_printable(text: str, where: str | None = None, *, lines: bool = False) -> None:
    """Refuse control characters, which a terminal obeys and a document cannot hold; line ends and tabs only where `lines` lets them."""
    allowed = "\n\r\t" if lines else ""
    bad = next((letter for letter in text if unicodedata.category(letter) == "Cc" and letter not in allowed), None)
    if bad is not None:
        raise LedgerError(
            Words(f"{text[:40]!r} 里有控制字符 U+{ord(bad):04X}。", f"The control character U+{ord(bad):04X} stands in {text[:40]!r}."),
            where=where,
            remedy=Words("请删去。", "Take it out."),
        )


def _with_id(order: Order) -> Order:
    from dataclasses import replace

    return replace(order, client_id=token_hex(12))


def get_clerk(store: Store, verb: Verb, by: str, body: str) -> tuple[Person, str]:
    """Who books, and for which body.

    Raises:
        LedgerError: nobody is named where a name is needed, the name is unknown, or the person does not speak for the body.
    """
    if not by:
        if verb in NAMED_VERBS:
            raise LedgerError(
                Words(
                    f"{VERBS[verb].chinese}没有写经办人：谁办谁负责。",
                    f"{verb} {VERBS[verb].chinese} without a name: who does it answers for it.",
                ),
                remedy=Words("请写明经办人：--by PERSON。", "Name the person: --by PERSON."),
            )
        by = find_setting(store, OFFICE) or ""
    person = get_person(store, by)
    if not body or body == person.body:
        return person, person.body
    parents = {name: one.parent for name, one in load_bodies(store).items()}
    get_body(store, body)
    if not belongs_to(body, person.body, parents):
        raise LedgerError(
            Words(f"{by}是{person.body}的人，不能代{body}办。", f"{by} belongs to {person.body}, and does not speak for {body}."),
            remedy=Words(
                f"请由{body}的人办，或把{body}列为{person.body}的下级。",
                f"Let a person of {body} book it, or place {body} below {person.body}.",
            ),
        )
    return person, body


def check_roles(verb: Verb, person: Person, rules: RuleBook, number: str) -> None:
    """Refuse a verb to whom the law or the rule book does not give it."""
    allowed = rules.roles_of(verb)
    if allowed and not allowed & person.roles:
        raise role_refused(verb, person.name, person.roles, allowed, number)


def days_of(store: Store, promise_id: int) -> tuple[date, date]:
    """The first and the last day that an entry of the promise is about; the first day of all where it has none."""
    found = [
        store.rows(f"SELECT {which}(effective_on) FROM entry WHERE promise_id = %s", [promise_id])[0][0]  # noqa: S608 - MIN or MAX
        for which in ("MIN", "MAX")
    ]
    first, last = (date.min if day is None else day_of(int(day)) for day in found)
    return first, last


def find_booked(store: Store, verb: Verb, order: Order) -> Receipt | None:
    """What an order with this client id booked before, where it is the same order; None where the id is new.

    Raises:
        LedgerError: the id was used for something else.
    """
    if not order.client_id:
        return None
    check_printable(order.client_id, order.promise)
    if len(order.client_id) > _ID_MAX:
        raise LedgerError(
            Words(f"自定编号有 {len(order.client_id)} 个字，太长。", f"An id of {len(order.client_id)} characters."),
            where=order.promise,
            remedy=Words(f"最多 {_ID_MAX} 个字。", f"Give one of at most {_ID_MAX} characters."),
        )
    lines = tuple(_lines_of_id(store, order.client_id))
    if not lines:
        return None
    promise = get_promise(store, lines[0].promise)
    first = lines[0]
    steps = steps_of_number(promise, order) if order.number is not None else None
    same = (
        (first.promise, first.verb) == (order.promise, verb)
        and steps in (None, sum(line.steps for line in lines))
        and order.on in (None, first.effective_on)
        and (not order.by or order.by == first.person)
        and _says_the_same(store, order, lines)
    )
    if not same:
        moved = f"{promise.show(sum(line.steps for line in lines))} {promise.symbol}"
        raise LedgerError(
            Words(
                f"编号 {order.client_id} 已经用过，内容不同：{first.promise} 在 {first.effective_on} {VERBS[first.verb].chinese} {moved}。",
                f"The id {order.client_id} was booked already with another content: {first.verb} "
                f"{moved} on {first.effective_on} for {first.promise}.",
            ),
            where=order.promise,
            remedy=Words("新的一笔请用新编号；重发旧的，内容要一样。", "Give a new id to a new entry; repeat an old one unchanged."),
        )
    return Receipt(lines, (standing_of(promise),))


def _says_the_same(store: Store, order: Order, lines: Sequence[Line]) -> bool:
    """Whether direction, surplus, body, words, files and lots of an order, as far as it says them, are those of its entries."""
    first = lines[0]
    backward = first.verb == "amend" and first.target == Stage.PLEDGE
    # The finding of a verification may carry the measured value behind the words that were given.
    words = order.text in ("", first.text) or first.text.startswith(f"{order.text} [measured ")
    max_mb = load_rules(store).evidence_max_mb
    files = {evidence_files.digest_of(file, max_mb) for file in order.evidence}
    lots = {lot.removeprefix(f"{first.promise}/") for line in lines for lot in line.lots}
    names = [unicodedata.normalize("NFKC", lot.identity).strip() for lot in order.lots]
    return (
        (order.number is None or (order.number < 0) == backward)
        and order.surplus == first.surplus
        and order.body in ("", first.body)
        and words
        and (not files or files == set(first.evidence))
        and (not names or lots == {personal_identity(store, name) if order.personal else name for name in names})
    )


_BOOKED: Final = (
    "SELECT e.seq, p.number, e.verb, e.source, e.target, e.steps, e.effective_on, COALESCE(w.name, ''), COALESCE(b.name, ''), e.text, "
    "e.client_id, e.evidence, e.lots, e.surplus, e.hash FROM entry e JOIN promise p ON p.id = e.promise_id "
    "LEFT JOIN person w ON w.id = e.person_id LEFT JOIN body b ON b.id = e.body_id WHERE e.client_id = %s"
)


def _lines_of_id(store: Store, client_id: str) -> Iterator[Line]:
    """The entry of that id, then those of its further parts. Asked one by one, since the order of texts differs between databases."""
    part = 1
    while rows := store.rows(_BOOKED, [id_of_part(client_id, part)]):
        yield _line(rows[0])
        part += 1


def _line(row: Sequence[object]) -> Line:
    seq, number, verb, source, target, steps, day, person, body, text, client_id, files, lots, surplus, digest = row
    return Line(
        *(int(str(seq)), str(number), verb, Stage(source), Stage(target), int(str(steps)), day_of(int(str(day)))),  # type: ignore[arg-type]
        *(str(person), str(body), str(text), str(client_id), tuple(str(files).split()), tuple(str(lots).split("\x1e")) if lots else ()),
        *(bool(surplus), bytes(digest), True),  # type: ignore[call-overload]
    )


def steps_of_number(promise: PromiseRow, order: Order) -> int:
    """The order's number in whole steps of the promise's unit, converted exactly where it comes in another unit."""
    assert order.number is not None
    factor, symbol = split_unit(order.unit or promise.symbol)
    given = promise.unit if symbol == promise.symbol else get_unit(symbol)
    try:
        quantity: Quantity = quantity_of(abs(order.number) * factor, given).convert(promise.unit)
    except LedgerError as fault:
        raise LedgerError(fault.what, where=promise.number, remedy=fault.remedy) from fault
    if quantity.steps == 0:
        raise LedgerError(
            Words(f"数量 {order.number}，等于没有记。", f"{order.number} moves nothing."), where=promise.number, remedy=GIVE_OVER_ZERO
        )
    return quantity.steps


def check_standing(case: Case, steps: int) -> None:
    """Refuse to take more than stands there, in the promise's own unit."""
    if steps > case.standing:
        show, unit = case.promise.show, case.promise.symbol
        raise too_much_taken(case.entry(steps), case.standing, lambda count: Words.alike(f"{show(count)} {unit}"))


def check_days(case: Case, entries: Sequence[Entry]) -> None:
    """Refuse to take from a stage on a day on which what stands there had not arrived.

    Only claimed, verified and settled are held to the day: what was delivered ahead of the amendment that covers it is a fact.
    """
    source = VERBS[case.verb].source
    if source <= Stage.PROMISED or case.on >= days_of(case.store, case.promise.id)[1]:
        return
    moves: dict[int, int] = {}
    sql = "SELECT source, target, steps, effective_on FROM entry WHERE promise_id = %s AND (source = %s OR target = %s)"
    for come_from, _, steps, day in case.store.rows(sql, [case.promise.id, int(source), int(source)]):
        moves[int(day)] = moves.get(int(day), 0) + (-int(steps) if come_from == source else int(steps))
    taken = sum(entry.steps for entry in entries)
    held = sum(steps for day, steps in moves.items() if day <= day_number(case.on))
    least = held
    for day in sorted(day for day in moves if day > day_number(case.on)):
        held += moves[day]
        least = min(least, held)
    if least < taken:
        show, unit, stage = case.promise.show, case.promise.symbol, STAGE_NAMES[source]
        raise LedgerError(
            Words(
                f"{case.on} 时“{stage.zh}”只有 {show(max(least, 0))} {unit}可记，不够 {show(taken)} {unit}。",
                f"On {case.on} only {show(max(least, 0))} {unit} could be taken from {stage.en}, not {show(taken)} {unit}.",
            ),
            where=case.promise.number,
            remedy=Words(
                "请填实际办理的日期，不能早于上一环节。",
                "Give the day on which it was done: it cannot lie before the day of the step before it.",
            ),
        )


def standing_of(promise: PromiseRow) -> Standing:
    """A promise as a receipt shows it."""
    return Standing(
        promise.number,
        promise.title,
        promise.measure,
        promise.symbol,
        promise.decimals,
        promise.body,
        promise.balance,
        promise.parent,
    )


def book_order(store: Store, verb: Verb, order: Order, entries_of: Callable[[Case], Sequence[Entry]]) -> Receipt:
    """Book an order in one transaction: once for one id, its evidence kept before the entries that name it.

    Args:
        entries_of: checks what is the verb's own, and gives the entries.

    Raises:
        LedgerError: something refuses the order; nothing is booked.
        InputError: a file of evidence cannot be kept; nothing is booked.
    """
    with store.writing():
        before = find_booked(store, verb, order)
        if before is not None:
            return before
        check_printable(order.text, order.promise, lines=True)
        case = open_case(store, verb, order)
        entries = entries_of(case)
        check_days(case, entries)
        kept = tuple(evidence_files.keep(store, file, case.rules.evidence_max_mb) for file in order.evidence)
        return receipt_of(append(store, [entry._replace(evidence=kept) for entry in entries]), [case.promise])


def receipt_of(booked: Sequence[Booked], promises: Sequence[PromiseRow], notes: Sequence[str] = ()) -> Receipt:
    """The receipt of what was appended to promises, as they stood before it."""
    lines = []
    balances = {promise.number: promise.balance for promise in promises}
    for row in booked:
        entry = row.entry
        if not row.again:
            balances[entry.promise] = book(balances[entry.promise], entry)
        lines.append(
            Line(
                *(row.seq, entry.promise, entry.verb, entry.source, entry.target, entry.steps, entry.effective_on, entry.person),
                *(entry.body, entry.text, entry.client_id, entry.evidence, entry.lots, entry.surplus, row.hash, row.again),
            )
        )
    return Receipt(tuple(lines), tuple(standing_of(one._replace(balance=balances[one.number])) for one in promises), tuple(notes))
