"""The review sheet's columns, and a draft promise as cells and back.

A row carries its promise twice: in cells for people, and whole in a hidden cell of safe JSON. What a reviewer left as it was is
taken from the hidden cell, so that nothing is lost to a spreadsheet's ideas about spaces, control characters and numbers.
"""

from __future__ import annotations

import json
import re
from dataclasses import fields
from decimal import Decimal
from typing import Any, Final

from sizhang.core.promise import DraftPromise, Target
from sizhang.intake.output.labels import format_plain

SHEET_NAME: Final = "核对 Review"
HEADERS: Final = {
    "number": "序号 No.",
    "text": "承诺原文 Commitment",
    "kind": "类型 Kind",
    "domain": "领域 Domain",
    "strength": "力度 Strength",
    "deadline": "期限 Deadline",
    "targets": "指标 Targets（原文｜条件 数值 单位｜口径｜对象）",
    "missing": "还缺 Missing",
    "confidence": "把握 Confidence",
    "decision": "决定 Decision",
    "parts": "拆为 / 并入 Parts",
    "note": "说明 Note",
    "id": "id",
    "original": "original",
}
COLUMNS: Final = tuple(HEADERS)
HIDDEN: Final = ("id", "original")
DECISIONS: Final = {"accept": "接受 accept", "edit": "修改 edit", "split": "拆分 split", "merge": "合并 merge", "reject": "退回 reject"}
EDITABLE: Final = ("text", "kind", "domain", "strength", "deadline", "targets")
CELL_LENGTH_MAX: Final = 32767
CONTEXT_LENGTH: Final = 120

_UNSAFE = re.compile(r"[^\x20-\x7e\u3000-\u9fff\uff01-\uff5e]|_")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"_x005[fF]_(?=x[0-9A-Fa-f]{4}_)")


def make_id(promise: DraftPromise) -> str:
    """Name a draft promise within its report by the span of its words."""
    return f"p{promise.start}-{promise.end}"


def render_target(target: Target) -> str:
    """Write a target as one line for people: `10万亩以上｜>= 100000 亩｜amount｜国土绿化`."""
    value = format_plain(target.value)
    if target.value_max is not None:
        value += f"~{format_plain(target.value_max)}"
    return "｜".join(_one_line(part) for part in (target.text, f"{target.op} {value} {target.unit}".rstrip(), target.basis, target.object))


def render_cells(promise: DraftPromise) -> dict[str, str]:
    """Write the cells that a reviewer may edit, as they stand in the sheet."""
    cells = {
        "text": promise.text,
        "kind": promise.kind,
        "domain": promise.domain,
        "strength": promise.strength,
        "deadline": promise.deadline or "",
        "targets": "\n".join(render_target(target) for target in promise.targets),
    }
    return {name: clean_cell(cell) for name, cell in cells.items()}


def clean_cell(text: str) -> str:
    """Leave out what a workbook cannot hold: control characters, lone surrogates, what is over 32,767 characters."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))[:CELL_LENGTH_MAX]


def normalise_cell(cell: object) -> str:
    """Write a cell that was read as comparable text: whole numbers without a point, one line end, no outer blanks."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if cell is None else str(cell)
    return _ESCAPED.sub("_", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def pack_promise(promise: DraftPromise, text: str) -> str:
    """Write the whole promise, with the words around it in the report's `text`, as one safe cell."""
    record: dict[str, Any] = {one.name: getattr(promise, one.name) for one in fields(promise)}
    record["targets"] = [{one.name: getattr(target, one.name) for one in fields(target)} for target in promise.targets]
    window_start = max(promise.start - CONTEXT_LENGTH, 0)
    record |= {"window_start": window_start, "window": text[window_start : promise.end + CONTEXT_LENGTH]}
    dumped = json.dumps(record, ensure_ascii=False, default=str)
    return _UNSAFE.sub(lambda found: json.dumps(found.group())[1:-1] if found.group() != "_" else "\\u005f", dumped)


def unpack_promise(cell: str) -> tuple[DraftPromise, str, int]:
    """Read a promise, its window of the report and where that window starts.

    Raises:
        ValueError: the cell is not what `pack_promise` wrote.
    """
    try:
        record = json.loads(cell)
        window, window_start = str(record.pop("window")), int(record.pop("window_start"))
        record["targets"] = tuple(_unpack_target(one) for one in record["targets"])
        record["missing"] = tuple(record["missing"])
        return DraftPromise(**record), window, window_start
    except (ArithmeticError, AttributeError, KeyError, TypeError) as fault:
        raise ValueError(f"not a packed promise: {fault}") from fault


def _unpack_target(record: dict[str, Any]) -> Target:
    high = record["value_max"]
    return Target(**(record | {"value": Decimal(record["value"]), "value_max": None if high is None else Decimal(high)}))


def _one_line(text: str) -> str:
    return text.replace("\r", "").replace("\n", "").replace("｜", "|")
