"""One row a promise, for spreadsheets and scripts, with cells that cannot become formulas."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from sizhang.intake.output.labels import format_plain, join_lines

if TYPE_CHECKING:
    from sizhang.core.promise import DraftPromise, Target
    from sizhang.intake.reading import Reading

COLUMNS: Final = (
    "start",
    "end",
    "line",
    "text",
    "kind",
    "domain",
    "strength",
    "deadline",
    "targets",
    "missing",
    "confidence",
)
# A spreadsheet runs what begins so; a tab or a carriage return before it does not stop that.
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def write_csv(reading: Reading) -> str:
    """Write one row a promise, in order of `start`, under one row of names.

    Returns:
        Comma-separated text that opens with a byte order mark, because Excel takes a file without one for GBK. A cell that begins with
        `=`, `+`, `-` or `@` has a leading apostrophe. Targets are separated by `; `, each `text|op|value|unit|basis|object`.
    """
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for promise in sorted(reading.promises, key=lambda one: (one.start, one.end)):
        line = reading.document.text.count("\n", 0, promise.start) + 1
        writer.writerow([neutralise(cell) for cell in _cells(promise, line)])
    return out.getvalue()


def neutralise(cell: str) -> str:
    """Put an apostrophe before a cell that a spreadsheet would run as a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def _cells(promise: DraftPromise, line: int) -> list[str]:
    return [
        str(promise.start),
        str(promise.end),
        str(line),
        join_lines(promise.text),
        promise.kind,
        promise.domain,
        promise.strength,
        promise.deadline or "",
        "; ".join(_target(target) for target in promise.targets),
        " ".join(promise.missing),
        f"{promise.confidence:.2f}",
    ]


def _target(target: Target) -> str:
    value = format_plain(target.value)
    if target.value_max is not None:
        value += f"~{format_plain(target.value_max)}"
    return "|".join((join_lines(target.text), target.op, value, target.unit, target.basis, target.object))
