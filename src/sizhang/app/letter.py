"""A letter of supervision 督办函, drafted as a Word file from the facts of an errand. A person signs it, not the program."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sizhang.cadence.clocks import NODE_STATES, SOURCES, Errand, NodeStatus, count_extensions, status_of
from sizhang.cadence.workdays import WorkCalendar
from sizhang.core.errors import InputError, Words, reason_of

_HEADINGS = ("节点", "规定日期", "现定日期", "办理情况")


def write_letter(errand: Errand, on: date, calendar: WorkCalendar, path: Path) -> None:
    """Write the draft.

    Raises:
        InputError: the file cannot be written.
    """
    from docx import Document
    from docx.oxml.ns import qn

    statuses = status_of(errand, on, calendar)
    document = Document()
    style = document.styles["Normal"]
    style.font.name = "FangSong"
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    document.add_heading("督办函（草稿）", 0)
    document.add_paragraph(f"编号：{errand.number}")
    document.add_paragraph(f"{errand.body}：")
    for line in letter_lines(errand, statuses, on):
        document.add_paragraph(line)
    table = document.add_table(rows=1, cols=len(_HEADINGS))
    table.style = "Table Grid"
    for cell, words in zip(table.rows[0].cells, _HEADINGS, strict=True):
        cell.text = words
    for status in statuses:
        words = NODE_STATES[status.state] + (f"（{status.answered_on}）" if status.answered_on else "")
        row = (status.node.zh, str(status.first_due_on), str(status.due_on), words)
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph(f"{on.year}年{on.month}月{on.day}日")
    try:
        document.save(str(path))
    except OSError as fault:
        reason = reason_of(fault)
        raise InputError(
            Words(f"督办函写不了：{reason.zh}。", f"The letter cannot be written: {reason.en}."),
            where=str(path),
            remedy=Words("请写到已有的文件夹里。", "Name a file in a folder that exists."),
        ) from fault


def letter_lines(errand: Errand, statuses: list[NodeStatus], on: date) -> list[str]:
    """The sentences of a letter: nothing but facts that the ledger holds."""
    given = errand.given_on
    lines = [f"{given.year}年{given.month}月{given.day}日，经{SOURCES[errand.source]}交办你单位：{errand.title}。按{errand.rules.zh}办理。"]
    overdue = [status for status in statuses if status.state == "overdue"]
    for status in overdue:
        lines.append(f"“{status.node.zh}”应于{status.due_on}前答复，至{on}已逾期{(on - status.due_on).days}天，尚未收到答复。")
    asked, given_count = count_extensions(statuses)
    if asked:
        lines.append(f"你单位申请延期{asked}次，批准{given_count}次；原定日期与现定日期均列于下表。")
    wanted = overdue or [status for status in statuses if status.answered_on is None]
    if wanted:
        parts = "、".join(dict.fromkeys(zh for status in wanted for zh, _ in status.node.contains))
        lines.append(f"请答复，并写明：{parts}。如所载与事实不符，请一并说明。")
    return lines
