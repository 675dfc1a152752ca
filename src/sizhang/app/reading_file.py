"""Read the JSON lines of `sizhang read` back into draft promises."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from sizhang.core.errors import InputError, Words, listed, reason_of
from sizhang.core.promise import BASES, COMPARATORS, DOMAINS, KINDS, STRENGTHS, DraftPromise, Target

_REMEDY: Final = Words(
    "请重新读取：sizhang read REPORT --format jsonl -o READING.jsonl。",
    "Make the reading again: sizhang read REPORT --format jsonl -o READING.jsonl.",
)
_FAULTS_SHOWN: Final = 5


def load_drafts(path: Path) -> tuple[DraftPromise, ...]:
    """All drafts of a file.

    Raises:
        InputError: the file cannot be read, holds no draft, or has faulty lines; these are named with their numbers.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        reason = reason_of(fault) if isinstance(fault, OSError) else Words("不是 UTF-8 编码", "it is not UTF-8")
        raise InputError(
            Words(f"读取结果打不开：{reason.zh}。", f"The reading cannot be read: {reason.en}."), where=str(path), remedy=_REMEDY
        ) from fault
    drafts, faults = [], []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            drafts.append(_draft(json.loads(line, parse_float=Decimal)))
        except (ValueError, KeyError, TypeError, ArithmeticError) as fault:
            reason = _describe(fault)
            faults.append(Words(f"第 {number} 行（{reason.zh}）", f"line {number} ({reason.en})"))
    if faults:
        told = listed(faults, _FAULTS_SHOWN)
        raise InputError(
            Words(f"这些行不是承诺草稿：{told.zh}。", f"No draft promise stands in {told.en}."), where=str(path), remedy=_REMEDY
        )
    if not drafts:
        raise InputError(Words("读取结果里没有承诺草稿。", "The reading holds no draft promise."), where=str(path), remedy=_REMEDY)
    return tuple(drafts)


def _describe(fault: Exception) -> Words:
    said = fault.args[0] if fault.args else ""
    if isinstance(said, Words):
        return said
    return Words(f"缺少 {said}", f"{said} is missing") if isinstance(fault, KeyError) else Words(f"写法不对：{fault}", str(fault))


def _draft(given: Any) -> DraftPromise:
    if not isinstance(given, dict):
        raise TypeError(Words("不是对象", "it is no object"))
    start, end, text = given["start"], given["end"], given["text"]
    if not (type(start) is int and type(end) is int and isinstance(text, str) and text):
        raise ValueError(Words("start、end 应为整数，text 不能空", "start and end are whole numbers and text is not empty"))
    deadline = given.get("deadline")
    if deadline is not None and not isinstance(deadline, str):
        raise ValueError(Words("deadline 应为文字或 null", "deadline is a text or null"))
    return DraftPromise(
        start,
        end,
        text,
        _among(given, "kind", KINDS),
        _among(given, "domain", DOMAINS),
        _among(given, "strength", STRENGTHS),
        deadline,
        tuple(_targets(given.get("targets", []))),
        (),
        1.0,
    )


def _targets(given: list[dict[str, Any]]) -> Iterator[Target]:
    for one in given:
        value_max = one.get("value_max")
        op = _among(one, "op", COMPARATORS)
        if (op == "range") != (value_max is not None):
            raise ValueError(Words("value_max 只用于区间", "value_max belongs to a range"))
        yield Target(
            *(0, 0, str(one["text"]), _number(one["value"]), str(one["unit"]), op),
            *(_among(one, "basis", BASES), str(one["object"]), None if value_max is None else _number(value_max)),
        )


def _number(given: object) -> Decimal:
    if isinstance(given, bool) or not isinstance(given, int | Decimal):
        raise ValueError(Words(f"{given!r} 不是数", f"{given!r} is no number"))
    return Decimal(given)


def _among(given: dict[str, Any], name: str, allowed: tuple[Any, ...]) -> Any:
    if given[name] not in allowed:
        raise ValueError(Words(f"{name} 是 {given[name]!r}", f"{name} is {given[name]!r}"))
    return given[name]
