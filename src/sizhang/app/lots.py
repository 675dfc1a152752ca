"""Which lots a booking moves: those it names, the members of a set, the next stage of works, or the oldest that stand there.

A member or a stage is a lot of its own promise, `2026-005/甲县`; any other lot has one identity in the whole ledger.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from sizhang.app.booking import Case, check_standing, steps_of_number
from sizhang.app.order import NamedLot
from sizhang.core.account import parse_terms
from sizhang.core.errors import LedgerError, Words
from sizhang.core.ledger import VERBS, Entry, Stage
from sizhang.core.quantity import quantity_of
from sizhang.store.connection import Store
from sizhang.store.identity import personal_identity
from sizhang.store.lots import Standing, check_lots, standing_lots

_IDENTITY_MAX: Final = 200
_ID_CARD: Final = re.compile(r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]")
_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_LETTERS: Final = "10X98765432"
_MOBILE: Final = re.compile(r"1[3-9]\d{9}")


def claim_entries(case: Case) -> list[Entry]:
    """The entries of a claim: one for lots of one size, or one plain."""
    promise, order = case.promise, case.order
    names = parse_terms(promise.terms).names
    if promise.measure in ("members", "stages") and names:
        return [_claim_named(case, names)]
    if not order.lots:
        steps = steps_of_number(promise, order) if order.number is not None else case.standing
        check_standing(case, max(steps, 1))
        return [case.entry(steps)]
    identities, sizes = _identities(case), _sizes(case)
    check_lots(case.store, case.entry(sum(sizes), identities))
    check_standing(case, sum(sizes))
    by_size: dict[int, list[str]] = {}
    for identity, steps in zip(identities, sizes, strict=True):
        by_size.setdefault(steps, []).append(identity)
    parts = enumerate(by_size.items(), start=1)
    return [case.entry(steps * len(lots), lots, part) for part, (steps, lots) in parts]


def _sizes(case: Case) -> list[int]:
    """How many steps each lot counts: its own number, or an equal part of the whole."""
    promise, order = case.promise, case.order
    own = [None if lot.number is None else quantity_of(lot.number, promise.unit).steps for lot in order.lots]
    given = [steps for steps in own if steps is not None]
    whole = None if order.number is None else steps_of_number(promise, order)
    if any(steps <= 0 for steps in given):
        raise LedgerError(
            Words("有一个批次的数量是 0。", "A lot counts nothing."),
            where=promise.number,
            remedy=Words("每个批次请填大于 0 的数。", "Give each lot a number over 0."),
        )
    if len(given) == len(own):
        if whole not in (None, sum(given)):
            raise LedgerError(
                Words(
                    f"{len(own)} 个批次合计 {promise.show(sum(given))} {promise.symbol}，交账却是 {promise.show(whole or 0)}。",
                    f"The {len(own)} lots count {promise.show(sum(given))} {promise.symbol}, the claim {promise.show(whole or 0)}.",
                ),
                where=promise.number,
                remedy=Words("请按批次合计数交账，或改正清单。", "Claim the number that the lots count, or mend the list."),
            )
        return given
    if given or whole is None:
        raise LedgerError(
            Words(
                f"{len(own)} 个批次中有 {len(own) - len(given)} 个没有数量。", f"{len(own) - len(given)} of {len(own)} lots have no number."
            ),
            where=promise.number,
            remedy=Words(
                "请每个批次都填数量，或都不填、只填总数。", "Give every lot its number, or none and the number of the whole claim."
            ),
        )
    if whole % len(own):
        raise LedgerError(
            Words(
                f"{promise.show(whole)} {promise.symbol}不能按 {promise.unit.step} {promise.symbol}的整数倍平分给 {len(own)} 个批次。",
                f"{promise.show(whole)} {promise.symbol} does not divide over {len(own)} lots in steps of {promise.unit.step}.",
            ),
            where=promise.number,
            remedy=Words("请给每个批次填数量。", "Give each lot its own number."),
        )
    return [whole // len(own)] * len(own)


def _claim_named(case: Case, names: Sequence[str]) -> Entry:
    """A claim on a set of members, or on the next stages of works."""
    promise = case.promise
    gone = {
        lot.identity for stage in (Stage.CLAIMED, Stage.VERIFIED, Stage.SETTLED) for lot in standing_lots(case.store, promise.id, stage)
    }
    left = [name for name in names if f"{promise.number}/{name}" not in gone]
    asked = [lot.identity for lot in case.order.lots]
    unknown = [name for name in asked if name not in names]
    if unknown:
        raise LedgerError(
            Words(f"“{unknown[0]}”不在所列的{'、'.join(names)}之中。", f"{unknown[0]} is not of {', '.join(names)}."),
            where=promise.number,
            remedy=Words("请只写承诺里列出的。", "Name those that the promise names."),
        )
    count = len(asked) if asked else steps_of_number(promise, case.order) if case.order.number is not None else len(left)
    if asked and case.order.number is not None and steps_of_number(promise, case.order) != count:
        raise LedgerError(
            Words(f"写了 {count} 个名称，数量却是 {case.order.number}。", f"{count} names for {case.order.number}."),
            where=promise.number,
            remedy=Words("数量请与名称的个数一致。", "Give the number of the names."),
        )
    for name in asked:
        check_lots(case.store, case.entry(1, [f"{promise.number}/{name}"]))
    check_standing(case, max(count, 1))
    chosen = left[:count]
    if promise.measure == "stages" and asked and asked != chosen:
        raise LedgerError(
            Words(
                f"下一个节点是{left[0]}，不是{asked[0]}：节点不能跳过。",
                f"The next stage is {left[0]}, not {asked[0]}: no stage is skipped.",
            ),
            where=promise.number,
            remedy=Words(f"请先交{left[0]}。", f"Claim {left[0]} first."),
        )
    if promise.measure == "members" and not asked and count < len(left):
        raise LedgerError(
            Words(f"余下 {len(left)} 个对象，要交 {count} 个，没有写是哪些。", f"{count} of the {len(left)} members left, but not which."),
            where=promise.number,
            remedy=Words(f"请写明名称：{'、'.join(left[:5])}……", f"Name them: {', '.join(left[:5])} …"),
        )
    return case.entry(count, [f"{promise.number}/{name}" for name in asked or chosen])


def move_entries(case: Case) -> list[Entry]:
    """The entries of a verb that moves what was claimed before: the lots it names, else the oldest, else a plain quantity."""
    promise, order = case.promise, case.order
    held = standing_lots(case.store, promise.id, VERBS[case.verb].source)
    if promise.measure == "stages" and case.verb in ("reject", "expire", "reopen"):
        # What comes back is the last stage, so that none stands before the one that came back.
        held = held[::-1]
    if order.lots:
        return [_move_named(case, held)]
    steps = steps_of_number(promise, order) if order.number is not None else case.standing
    check_standing(case, max(steps, 1))
    plain = case.standing - sum(lot.steps for lot in held)
    assert plain >= 0, f"{promise.number}: its lots count more than stands there"
    if steps == case.standing and held:
        entries = [case.entry(sum(lot.steps for lot in held), [lot.identity for lot in held])]
        return [*entries, case.entry(plain, part=2)] if plain else entries
    if steps <= plain:
        return [case.entry(steps)]
    if plain:
        raise LedgerError(
            Words(
                f"其中 {promise.show(plain)} {promise.symbol}不分批次，其余在 {len(held)} 个批次里。",
                f"{promise.show(plain)} {promise.symbol} stand there without lots, the rest in {len(held)} lots.",
            ),
            where=promise.number,
            remedy=Words("请写明批次：--lots LOTS.csv。", "Say which lots: --lots LOTS.csv."),
        )
    return [case.entry(steps, _oldest(case, held, steps))]


def _oldest(case: Case, held: Sequence[Standing], steps: int) -> list[str]:
    chosen: list[str] = []
    count = 0
    for lot in held:
        if count >= steps:
            break
        chosen.append(lot.identity)
        count += lot.steps
    if count != steps:
        raise LedgerError(
            Words(
                f"{case.promise.show(steps)} {case.promise.symbol}凑不成账上的整批。",
                f"{case.promise.show(steps)} {case.promise.symbol} is no whole number of the lots that stand there.",
            ),
            where=case.promise.number,
            remedy=Words("请写明批次：--lots LOTS.csv。", "Say which lots: --lots LOTS.csv."),
        )
    return chosen


def _move_named(case: Case, held: Sequence[Standing]) -> Entry:
    promise, order = case.promise, case.order
    by_identity = {lot.identity: lot.steps for lot in held}
    identities = _identities(case)
    check_lots(case.store, case.entry(1, identities))
    count = sum(by_identity[identity] for identity in identities)
    if order.number is not None and steps_of_number(promise, order) != count:
        raise LedgerError(
            Words(
                f"{len(identities)} 个批次合计 {promise.show(count)} {promise.symbol}，这一笔却是 {order.number}。",
                f"The {len(identities)} lots count {promise.show(count)} {promise.symbol}, the entry {order.number}.",
            ),
            where=promise.number,
            remedy=Words("请按批次合计数记。", "Book the number that the lots count."),
        )
    if promise.measure == "stages" and identities != [lot.identity for lot in held[: len(identities)]]:
        raise LedgerError(
            Words(
                f"{VERBS[case.verb].chinese}还轮不到节点“{order.lots[0].identity}”。",
                f"{order.lots[0].identity} is not the next stage for {case.verb}.",
            ),
            where=promise.number,
            remedy=Words("请按节点的先后办。", "Keep the stages' order."),
        )
    return case.entry(count, identities)


def _identities(case: Case) -> list[str]:
    """The lots' identities as the ledger keeps them."""
    promise, order = case.promise, case.order
    named = promise.measure in ("members", "stages") and parse_terms(promise.terms).names
    out = [f"{promise.number}/{lot.identity}" if named else _identity(lot, order.personal, case.store) for lot in order.lots]
    twice = next((name for place, name in enumerate(out) if name in out[:place]), None) if len(set(out)) < len(out) else None
    if twice is not None:
        first, second = [place for place, name in enumerate(out, start=1) if name == twice][:2]
        shown = twice if order.personal else order.lots[first - 1].identity
        raise LedgerError(
            Words(
                f"批次 {shown} 写了两次：第 {first} 个和第 {second} 个。",
                f"The lot {shown} stands twice, as lots {first} and {second}.",
            ),
            where=promise.number,
            remedy=Words("每个批次只写一次。", "Name each lot once."),
        )
    return out


def _identity(lot: NamedLot, personal: bool, store: Store) -> str:
    name = unicodedata.normalize("NFKC", lot.identity).strip()
    if not name or len(name) > _IDENTITY_MAX or any(ord(letter) < 32 for letter in name):
        raise LedgerError(
            Words(f"{lot.identity[:40]!r} 不能作批次的编号。", f"{lot.identity[:40]!r} is no identity."),
            remedy=Words(f"请写一行，1 至 {_IDENTITY_MAX} 个字。", f"Give 1 to {_IDENTITY_MAX} characters on one line."),
        )
    if personal:
        return personal_identity(store, name)
    if looks_personal(name):
        raise LedgerError(
            Words(
                f"{name[:3]}***{name[-2:]} 像是个人的身份证号或手机号。",
                f"{name[:3]}***{name[-2:]} looks like somebody's identity card or telephone.",
            ),
            remedy=Words("请加 --personal，账上就只存带密钥的摘要。", "Add --personal: then only a keyed hash of it is kept."),
        )
    return name


def looks_personal(text: str) -> bool:
    """Whether it is a number of an identity card (GB 11643-1999, its check digit right) or a mobile telephone."""
    if _ID_CARD.fullmatch(text):
        return _ID_LETTERS[sum(int(digit) * weight for digit, weight in zip(text[:17], _ID_WEIGHTS, strict=True)) % 11] == text[17].upper()
    return bool(_MOBILE.fullmatch(text))
