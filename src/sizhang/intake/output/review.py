"""Read the review sheet back, row by row, and lay two reviewers' sheets side by side."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from sizhang.core.errors import InputError, Words
from sizhang.core.promise import DOMAINS, KINDS, STRENGTHS, DraftPromise
from sizhang.intake.output.cells import parse_targets
from sizhang.intake.output.sheet import (
    COLUMNS,
    DECISIONS,
    EDITABLE,
    HEADERS,
    SHEET_NAME,
    make_id,
    normalise_cell,
    render_cells,
    unpack_promise,
)
from sizhang.intake.output.workbook import read_grid

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Decision = Literal["accept", "edit", "split", "merge", "reject"]

_WORDS: Final = {word.casefold(): code for code, both in DECISIONS.items() for word in (code, both, both.split()[0])}
_LOST: Final = Words(
    "隐藏列已被改动或清空，认不出是哪一条；请从原表复制这一行",
    "the hidden columns were changed or emptied, so the promise is not known; copy the row from the exported sheet",
)
_NOT_IN_REPORT: Final = Words(
    "改后的原文在报告此处找不到；请逐字照抄报告，要改意思请写在说明里",
    "the changed words are not in the report there; copy them exactly, and write a change of meaning into the note",
)
_DEADLINE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one row; `row` counts as the spreadsheet does, the header being row 1."""

    row: int
    reason: Words


def _said(fault: Fault) -> Words:
    return Words(f"第 {fault.row} 行：{fault.reason.zh}", f"Row {fault.row}: {fault.reason.en}")


class ReviewError(InputError):
    """A review sheet with faulty rows; `faults` holds all of them, in order."""

    def __init__(self, source: str, faults: tuple[Fault, ...]) -> None:
        zh, en = ([f"  {said}" for said in each] for each in zip(*(_said(fault) for fault in faults), strict=True))
        super().__init__(
            Words("\n".join([f"{len(faults)} 行有错：", *zh, ""]), "\n".join([f"{len(faults)} rows are faulty:", *en, ""])),
            remedy=Words("请在表中改正后再读。", "Mend these rows in the sheet and read it again."),
            where=source,
        )
        self.faults = faults


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One row of a review sheet.

    Attributes:
        row: the row in the sheet, the header being row 1.
        id: the draft promise's name within its report.
        decision: None where the reviewer has not decided.
        original: the draft promise as the reader wrote it.
        promise: the draft promise with the reviewer's edits; equal to `original` where there are none.
        parts: the words of each part of a split, else empty.
        joins: the id of the draft promise that a merge joins, else None.
    """

    row: int
    id: str
    decision: Decision | None
    original: DraftPromise
    promise: DraftPromise
    parts: tuple[str, ...]
    joins: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two reviewers' rows on one draft promise, and the columns in which they differ."""

    first: ReviewRow
    second: ReviewRow
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MergedReview:
    """Two reviewers' sheets side by side.

    Attributes:
        agreed: the first reviewer's rows where both decided the same.
        disagreements: where both decided, differently.
        undecided: the first reviewer's rows where either of them has not decided.
        agreement_share: agreed over decided by both, 0 to 1; None where no row is decided by both.
    """

    agreed: tuple[ReviewRow, ...]
    disagreements: tuple[Disagreement, ...]
    undecided: tuple[ReviewRow, ...]
    agreement_share: float | None


def read_review(path: Path | str) -> tuple[ReviewRow, ...]:
    """Read a review sheet and check every row.

    Raises:
        InputError: the file is no workbook, or has not the sheet or the columns that were exported.
        ReviewError: rows are faulty; it lists all of them.
    """
    return check_rows(_read_rows(Path(path)), Path(path).name)


def check_rows(raw: Sequence[tuple[int, dict[str, str]]], source: str) -> tuple[ReviewRow, ...]:
    """Check rows of a review, each with its number and the text of every cell of `COLUMNS`, wherever they were filled in.

    Raises:
        ReviewError: rows are faulty; it lists all of them.
    """
    faults: list[Fault] = []
    found: list[tuple[ReviewRow, dict[str, str]]] = []
    for number, cells in raw:
        try:
            found.append((_read_row(number, cells), cells))
        except _RowError as fault:
            faults.extend(Fault(number, reason) for reason in fault.reasons)
    rows, more = _resolve(found, {cells["number"]: cells["id"] for _, cells in raw})
    faults = sorted([*faults, *more], key=lambda fault: fault.row)
    if faults:
        raise ReviewError(source, tuple(faults))
    return rows


def merge_reviews(first: Iterable[ReviewRow], second: Iterable[ReviewRow]) -> MergedReview:
    """Lay two reviewers' rows side by side.

    Raises:
        InputError: the two sheets are not of the same reading.
    """
    left, right = {row.id: row for row in first}, {row.id: row for row in second}
    odd = sorted(left.keys() ^ right.keys())
    if odd or any(left[name].original != right[name].original for name in left):
        raise InputError(
            Words(
                f"两张表不是同一次读取的结果：{len(left)} 条与 {len(right)} 条，只在一张表中的 {len(odd)} 条。",
                f"The two sheets are of different readings: {len(left)} and {len(right)} rows, {len(odd)} of them in one sheet only.",
            ),
            remedy=Words("请从同一次导出的表各自核对。", "Review two copies of one export."),
        )
    pairs = [(left[name], right[name]) for name in left]
    undecided = tuple(one for one, other in pairs if one.decision is None or other.decision is None)
    decided = [(one, other, _differ(one, other)) for one, other in pairs if one.decision is not None and other.decision is not None]
    agreed = tuple(one for one, _, columns in decided if not columns)
    apart = tuple(Disagreement(one, other, columns) for one, other, columns in decided if columns)
    return MergedReview(agreed, apart, undecided, len(agreed) / len(decided) if decided else None)


class _RowError(Exception):
    def __init__(self, reasons: list[Words]) -> None:
        super().__init__("; ".join(reason.en for reason in reasons))
        self.reasons = reasons


def _read_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    grid = read_grid(path, SHEET_NAME)
    header = [normalise_cell(cell) for cell in grid[0]] if grid else []
    lost = [title for title in HEADERS.values() if title not in header]
    if lost:
        raise InputError(
            Words(f"缺少列：{'、'.join(lost)}。", f"Columns are missing: {', '.join(lost)}."),
            remedy=Words("请勿删改表头，重新导出。", "Export the sheet again and leave its head as it is."),
            where=path.name,
        )
    places = {name: header.index(HEADERS[name]) for name in COLUMNS}
    rows = [(number, {name: normalise_cell(line[at]) for name, at in places.items()}) for number, line in enumerate(grid[1:], start=2)]
    return [(number, cells) for number, cells in rows if any(cells.values())]


def _read_row(number: int, cells: dict[str, str]) -> ReviewRow:
    try:
        original, window, window_start = unpack_promise(cells["original"])
    except ValueError:
        raise _RowError([_LOST]) from None
    reasons: list[Words] = []
    if cells["id"] != make_id(original):
        reasons.append(
            Words(
                f"隐藏列 id 是“{cells['id']}”，与本行原文不符（{make_id(original)}）；请从原表复制这一行",
                f"the hidden id is “{cells['id']}”, the row's words are those of {make_id(original)}; copy the row from the exported sheet",
            )
        )
    word = cells["decision"].casefold()
    decision = cast("Decision | None", _WORDS.get(word))
    if word and decision is None:
        reasons.append(
            Words(
                f"决定“{cells['decision']}”不在单内；请填 {'、'.join(DECISIONS.values())} 之一",
                f"the decision “{cells['decision']}” is not known; use one of {', '.join(DECISIONS)}",
            )
        )
    shown = render_cells(original)
    changed = tuple(name for name in EDITABLE if cells[name] != normalise_cell(shown[name]))
    promise = _apply(original, cells, changed, (window, window_start), reasons)
    reasons += _check_decision(word, decision, changed)
    parts = tuple(filter(None, (part.strip() for part in cells["parts"].split("\n")))) if decision == "split" else ()
    if decision == "split":
        reasons += _check_parts(parts, original)
    if reasons:
        raise _RowError(reasons)
    return ReviewRow(number, cells["id"], decision, original, promise, parts, None, cells["note"])


def _apply(
    original: DraftPromise, cells: dict[str, str], changed: tuple[str, ...], window: tuple[str, int], reasons: list[Words]
) -> DraftPromise:
    changes: dict[str, Any] = {}
    choices = {"kind": KINDS, "domain": DOMAINS, "strength": STRENGTHS}
    for name in changed:
        if name in choices:
            changes[name] = cells[name]
            if cells[name] not in choices[name]:
                reasons.append(
                    Words(
                        f"{HEADERS[name]}“{cells[name]}”不在单内；请填 {' '.join(choices[name])} 之一",
                        f"{HEADERS[name]} “{cells[name]}” is not known; use one of {' '.join(choices[name])}",
                    )
                )
    if "deadline" in changed:
        changes["deadline"] = cells["deadline"] or None
        if cells["deadline"] and not _DEADLINE.fullmatch(cells["deadline"]):
            reasons.append(
                Words(
                    f"期限“{cells['deadline']}”写法不对；请写 2026、2026-06 或 2026-09-21",
                    f"the deadline “{cells['deadline']}” is not understood; write 2026, 2026-06 or 2026-09-21",
                )
            )
    if "text" in changed:
        at = _find_near(window[0], cells["text"], original.start - window[1])
        if at is None:
            reasons.append(_NOT_IN_REPORT)
        else:
            changes |= {"start": window[1] + at, "end": window[1] + at + len(cells["text"]), "text": cells["text"]}
    promise = replace(original, **changes)
    if "targets" in changed:
        targets, faults = parse_targets(cells["targets"], original, promise)
        reasons += faults
        promise = replace(promise, targets=targets)
    return promise


def _find_near(window: str, text: str, near: int) -> int | None:
    places = [found.start() for found in re.finditer(f"(?={re.escape(text)})", window)] if text else []
    return min(places, key=lambda at: abs(at - near), default=None)


def _check_decision(word: str, decision: Decision | None, changed: tuple[str, ...]) -> list[Words]:
    titles = [HEADERS[name].split("（")[0].split() for name in changed]
    zh, en = [title[0] for title in titles], [title[1] for title in titles]
    if changed and decision in ("accept", "reject", "split", "merge"):
        said = Words(
            f"决定是“{DECISIONS[decision]}”，却改了{'、'.join(zh)}；请改为“{DECISIONS['edit']}”或还原这些格",
            f"the decision is “{decision}” and yet these cells were changed: {', '.join(en)}; decide “edit”, or restore them",
        )
        return [said]
    if changed and not word:
        return [
            Words(
                f"改了{'、'.join(zh)}，却没有决定；请填“{DECISIONS['edit']}”",
                f"cells were changed ({', '.join(en)}) and nothing is decided; decide “edit”",
            )
        ]
    if decision == "edit" and not changed:
        return [
            Words(
                f"决定是“{DECISIONS['edit']}”，却没有改动；请改格子或填“{DECISIONS['accept']}”",
                "the decision is “edit” and nothing was changed; change a cell, or decide “accept”",
            )
        ]
    return []


def _check_parts(parts: tuple[str, ...], original: DraftPromise) -> list[Words]:
    if len(parts) < 2:
        return [
            Words(
                f"拆分至少要两行，这里有 {len(parts)} 行；请在“{HEADERS['parts']}”一格逐行写出各条",
                f"a split has two lines or more, here are {len(parts)}; write each part on a line of the cell “{HEADERS['parts']}”",
            )
        ]
    return [
        Words(f"拆出的“{part}”不在本行原文之中；请逐字照抄", f"the part “{part}” is not in the row's words; copy it exactly")
        for part in parts
        if part not in original.text
    ]


def _resolve(found: list[tuple[ReviewRow, dict[str, str]]], ids: dict[str, str]) -> tuple[tuple[ReviewRow, ...], list[Fault]]:
    rows: list[ReviewRow] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for row, cells in found:
        if row.id in seen:
            reason = Words(
                f"与第 {seen[row.id]} 行是同一条（{row.id}）；请删去一行",
                f"the same promise as row {seen[row.id]} ({row.id}); delete one of the two",
            )
            faults.append(Fault(row.row, reason))
        seen.setdefault(row.id, row.row)
        if row.decision != "merge":
            rows.append(row)
            continue
        joins = ids.get(cells["parts"])
        if joins is None or joins == row.id:
            reason = Words(
                f"并入的序号“{cells['parts']}”不是另一行的序号；请在“{HEADERS['parts']}”一格写另一行的序号",
                f"“{cells['parts']}” is not the number of another row; write that number into the cell “{HEADERS['parts']}”",
            )
            faults.append(Fault(row.row, reason))
        rows.append(replace(row, joins=joins))
    return tuple(rows), faults


def _differ(one: ReviewRow, other: ReviewRow) -> tuple[str, ...]:
    columns = [name for name in ("decision", "parts", "joins") if getattr(one, name) != getattr(other, name)]
    if one.decision == other.decision:
        columns += [name for name in EDITABLE if getattr(one.promise, name) != getattr(other.promise, name)]
    return tuple(columns)
