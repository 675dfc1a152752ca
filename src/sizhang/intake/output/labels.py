"""The words that people see for the guide's codes, Chinese and English, and numbers written for reading."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sizhang.core.promise import DraftPromise, Target

DOUBTFUL_BELOW: Final = 0.6

KIND_LABELS: Final = {
    "quantity": ("量化", "quantity"),
    "milestone": ("节点", "milestone"),
    "coverage": ("全覆盖", "coverage"),
    "action": ("行动", "action"),
}
STRENGTH_LABELS: Final = {"ensure": ("确保", "ensure"), "strive": ("力争", "strive"), "plan": ("安排", "plan")}
BASIS_LABELS: Final = {
    "amount": ("交付量", "amount"),
    "level": ("水平", "level"),
    "increase": ("增幅", "increase"),
    "decrease": ("降幅", "decrease"),
}
DOMAIN_LABELS: Final = {
    "economy": ("经济", "economy"),
    "industry": ("产业", "industry"),
    "science": ("科技人才", "science"),
    "reform": ("改革开放", "reform"),
    "rural": ("三农", "rural"),
    "urban": ("城建交通", "urban"),
    "ecology": ("生态", "ecology"),
    "education": ("教育", "education"),
    "health": ("卫生健康", "health"),
    "employment": ("就业社保", "employment"),
    "culture": ("文旅体育", "culture"),
    "safety": ("安全", "safety"),
    "government": ("政府自身", "government"),
}
MISSING_LABELS: Final = {"number": ("数字", "number"), "unit": ("单位", "unit"), "date": ("时限", "date"), "object": ("对象", "object")}
SECTION_LABELS: Final = {"review": ("回顾", "review"), "plan": ("安排", "plan"), "other": ("其他", "other")}
OP_SIGNS: Final = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "~": "≈", "=": "="}


def get_label(table: dict[str, tuple[str, str]], code: str) -> tuple[str, str]:
    """Get the Chinese and the English word for `code`; a code without words stands for itself."""
    return table.get(code, (code, code))


def get_both(table: dict[str, tuple[str, str]], code: str) -> str:
    """Write both words, Chinese first: `生态 ecology`."""
    return " ".join(dict.fromkeys(get_label(table, code)))


def format_plain(value: Decimal) -> str:
    """Write an exact number in plain digits: no exponent, no trailing zeros, no point where it is whole."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def format_grouped(value: Decimal) -> str:
    """Write an exact number for reading, thousands separated."""
    sign = "-" if value < 0 else ""
    whole, point, part = format_plain(abs(value)).partition(".")
    return f"{sign}{int(whole):,}{point}{part}"


def describe_value(target: Target) -> str:
    """Write what a target demands: `≥ 100,000 亩`, `4.5–5 %`."""
    unit = f" {target.unit}" if target.unit else ""
    if target.value_max is not None:
        return f"{format_grouped(target.value)}–{format_grouped(target.value_max)}{unit}"
    sign = OP_SIGNS.get(target.op, target.op)
    return f"{sign} {format_grouped(target.value)}{unit}"


def join_lines(text: str) -> str:
    """Write the words of a span on one line, as they are read: the column's line breaks inside a sentence are left out."""
    out = ""
    for part in filter(None, map(str.strip, text.splitlines())):
        # Latin words need the blank that a line end stood for; Chinese needs none.
        out += f" {part}" if out and out[-1].isascii() and part[0].isascii() else part
    return out


def is_doubtful(promise: DraftPromise) -> bool:
    """Tell whether the reader itself holds the promise for doubtful (confidence below 0.6)."""
    return promise.confidence < DOUBTFUL_BELOW
