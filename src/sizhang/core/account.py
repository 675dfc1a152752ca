"""Accounts: how a promise is counted, and which accounts a draft promise gets.

A promise is one quantity in one unit. A commitment with several targets becomes a promise of one item, kept when the whole is, and one
child for each target.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final, Literal

from sizhang.core.criterion import Criterion, better_side
from sizhang.core.errors import GIVE_OVER_ZERO, LedgerError, Words
from sizhang.core.promise import DraftPromise, Target
from sizhang.core.quantity import ITEM, MEMBER_UNIT, STAGE_UNIT, Unit, get_unit, split_unit

Measure = Literal["amount", "members", "stages", "level", "cap", "action"]

MEASURES: Final[dict[Measure, Words]] = {
    "amount": Words("数量", "the number in its unit"),
    "members": Words("名册", "one for each named member of a set"),
    "stages": Words("节点", "one for each named stage, in order"),
    "level": Words("水平", "one item, whose target must hold when it is verified"),
    "cap": Words("上限", "one item, whose target must hold at every check until the year ends"),
    "action": Words("举措", "one item, with an acceptance test"),
}
SINGLE: Final[frozenset[Measure]] = frozenset({"level", "cap", "action"})
DECIMALS_MAX: Final = 6
UNIT_LENGTH_MAX: Final = 40
_RATES: Final = frozenset({"%", "个百分点", "百分点", "倍", "番", "类"})
_BROUGHT_DOWN: Final = re.compile(r"降|压|减|缩")
# In the order in which works pass them; a longer word before a shorter one that it holds.
_WORKS: Final = (
    *("立项", "开工", "动工", "主体封顶", "主体完工", "封顶", "贯通", "竣工", "完工", "建成"),
    *("投产", "投用", "投运", "通车", "通水", "运营"),
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What must hold when a promise is verified, as it is kept with the promise.

    Attributes:
        criterion: the number to reach, where there is one.
        names: the members of a set, or the stages of works in their order.
        acceptance: in words, what shows that an action was done.
    """

    criterion: Criterion | None = None
    names: tuple[str, ...] = ()
    acceptance: str = ""

    def to_text(self) -> str:
        """As JSON with decimal strings; empty where nothing was agreed."""
        out: dict[str, Any] = {}
        if self.criterion is not None:
            one = self.criterion
            out |= {"op": one.op, "value": f"{one.value:f}", "unit": one.unit, "basis": one.basis, "better": one.better}
            if one.value_max is not None:
                out["value_max"] = f"{one.value_max:f}"
            if one.op == "~":
                out["tolerance_pct"] = f"{one.tolerance_pct:f}"
            if one.object:
                out["object"] = one.object
        if self.names:
            out["names"] = list(self.names)
        if self.acceptance:
            out["acceptance"] = self.acceptance
        return json.dumps(out, ensure_ascii=False) if out else ""


def parse_terms(text: str) -> Terms:
    """Read what `Terms.to_text` wrote."""
    if not text:
        return Terms()
    given = json.loads(text)
    criterion = None
    if "op" in given:
        criterion = Criterion(
            given["op"],
            Decimal(given["value"]),
            given["unit"],
            given["basis"],
            given["better"],
            Decimal(given["value_max"]) if "value_max" in given else None,
            Decimal(given.get("tolerance_pct", 0)),
            given.get("object", ""),
        )
    return Terms(criterion, tuple(given.get("names", ())), given.get("acceptance", ""))


@dataclass(frozen=True, slots=True)
class Account:
    """An account that is to be opened, with its first quantity.

    Attributes:
        steps: how many steps of the unit are promised; 0 only for a heading above other accounts.
        start: where its words begin in the report, None where there is no report; `end` is exclusive.
        parts: the accounts below it.
    """

    title: str
    measure: Measure
    unit: Unit
    steps: int
    terms: Terms = Terms()
    domain: str = ""
    kind: str = ""
    strength: str = "plan"
    deadline: str = ""
    start: int | None = None
    end: int | None = None
    parts: tuple[Account, ...] = ()


def steps_in(number: Decimal, symbol: str) -> tuple[Unit, int]:
    """A number as steps of its unit, the unit's step made as small as the number needs.

    Raises:
        LedgerError: the number is not over 0, or needs more than six decimals.
    """
    factor, bare = split_unit(symbol)
    number *= factor
    unit = get_unit(bare)
    if len(bare) > UNIT_LENGTH_MAX:
        raise LedgerError(
            Words(f"计量单位太长：“{bare[:UNIT_LENGTH_MAX]}…”。", f"“{bare[:UNIT_LENGTH_MAX]}…” is too long for a unit."),
            remedy=Words(f"最多写 {UNIT_LENGTH_MAX} 个字。", f"Give at most {UNIT_LENGTH_MAX} characters."),
        )
    if not number.is_finite() or number <= 0:
        raise LedgerError(
            Words(f"承诺 {number} {bare}，等于没有承诺。", f"A promise of {number} {bare} promises nothing."), remedy=GIVE_OVER_ZERO
        )
    exponent = number.normalize().as_tuple().exponent
    decimals = max(unit.decimals, -int(exponent))
    if decimals > DECIMALS_MAX:
        raise LedgerError(
            Words(f"{number} {bare}的小数超过 {DECIMALS_MAX} 位。", f"{number} {bare} has more than {DECIMALS_MAX} decimals."),
            remedy=Words("请换用更小的计量单位。", "Give it in a smaller unit."),
        )
    return replace(unit, decimals=decimals), int(number.scaleb(decimals))


def measure_of(target: Target, text: str) -> Measure:
    """How a target of a commitment is counted."""
    rate = target.unit in _RATES
    if target.op in ("<=", "<") and target.basis in ("amount", "level") and target.unit != "类":
        before = text[: text.find(target.text)] if target.text in text else text
        return "level" if _BROUGHT_DOWN.search(before[-8:]) else "cap"
    return "amount" if target.basis == "amount" and not rate and target.value > 0 else "level"


def accounts_of(draft: DraftPromise, tolerance_pct: Decimal) -> Account:
    """The account that a draft promise gets, with a part for each target where there are several."""
    parts, last = [], 0
    for target in draft.targets:
        at = draft.text.find(target.text, last)
        last = at + len(target.text) if at >= 0 else last
        span = (draft.start + at, draft.start + last) if at >= 0 else (draft.start, draft.end)
        parts.append(_account_of(draft, target, span, tolerance_pct))
    if len(parts) == 1:
        return replace(parts[0], title=draft.text, start=draft.start, end=draft.end)
    return replace(_whole(draft), parts=tuple(parts))


def _account_of(draft: DraftPromise, target: Target, span: tuple[int, int], tolerance_pct: Decimal) -> Account:
    measure = measure_of(target, draft.text)
    criterion = Criterion(
        target.op,
        target.value,
        target.unit,
        target.basis,
        better_side(target.op, target.basis, target.unit, target.value),
        target.value_max,
        tolerance_pct if target.op == "~" else Decimal(0),
        target.object,
    )
    unit, steps = steps_in(target.value, target.unit[:UNIT_LENGTH_MAX]) if measure == "amount" else (get_unit(ITEM), 1)
    return Account(
        f"{target.object} {target.text}".strip(),
        measure,
        unit,
        steps,
        Terms(criterion),
        draft.domain,
        draft.kind,
        draft.strength,
        draft.deadline or "",
        *span,
    )


def _whole(draft: DraftPromise) -> Account:
    """The account of a commitment as a whole: by its kind, since no single number counts it."""
    measure: Measure = {"coverage": "members", "milestone": "stages"}.get(draft.kind, "action")  # type: ignore[assignment]
    names = stages_named(draft.text) if measure == "stages" else ()
    symbol = {"members": MEMBER_UNIT, "stages": STAGE_UNIT}.get(measure, ITEM)
    return Account(
        draft.text,
        measure,
        get_unit(symbol),
        max(len(names), 1),
        Terms(names=names),
        draft.domain,
        draft.kind,
        draft.strength,
        draft.deadline or "",
        draft.start,
        draft.end,
    )


def stages_named(text: str) -> tuple[str, ...]:
    """The stages of works that a milestone names, in the order in which works pass them; 完成 where it names none."""
    found = set(re.findall("|".join(_WORKS), text))
    return tuple(word for word in _WORKS if word in found) or ("完成",)
