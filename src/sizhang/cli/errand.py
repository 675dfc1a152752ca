"""`sizhang errand`: give, answer, extend, close and list errands, and draft a letter."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from sizhang.cli.options import BY, ON, Day, with_ledger
from sizhang.core.day import this_day
from sizhang.core.errors import LedgerError, Words

if TYPE_CHECKING:
    from sizhang.cadence.clocks import Errand, Event
    from sizhang.cli.options import Ledger

_SOURCES = ("meeting", "instruction", "inspection", "citizen")
_FILE = click.Path(path_type=Path)


@click.group(short_help="交办 Errands and their clocks")
def errand() -> None:
    """交办：按“13710”等时限办理 Errands on a clock: studied, reported, solved, none left over."""


@errand.command("open", short_help="交办 Give an errand")
@click.argument("title")
@click.option("--body", required=True, metavar="BODY", help="承办单位 The body that is to do it")
@click.option("--source", type=click.Choice(_SOURCES), required=True, help="来源：会议、批示、检查、群众 Where it comes from")
@click.option("--hard", is_flag=True, help="重大复杂事项 A major or complex matter")
@click.option("--rules", default="13710", show_default=True, metavar="NAME|TOML", help="时限规则：13710、slips 或文件 The clock")
@click.option("--promise", default="", metavar="PROMISE", help="所涉承诺 The promise that it is about")
@ON
@BY
@with_ledger(writes=True)
def open_(*, ledger: Ledger, title: str, on: date | None, rules: str, **options: Any) -> None:
    """交办：把 TITLE 交给单位 Give a body the errand TITLE."""
    from sizhang.app.cadence import read_text
    from sizhang.app.errand import ErrandOrder, open_errand

    text = read_text(Path(rules)) if rules.endswith(".toml") else rules
    order = ErrandOrder(
        title, options["body"], options["source"], on or this_day(), options["hard"], text, options["promise"], options["by"]
    )
    with ledger.open() as store:
        _show(ledger, store, [open_errand(store, order)], order.on)


@errand.command("answer", short_help="答复 Answer a node")
@click.argument("number")
@click.option("--node", required=True, metavar="NODE", help="节点，如 3 Which node")
@click.option("--text", required=True, metavar="TEXT", help="答复，逐项写明 The answer, each part by its name")
@ON
@BY
@with_ledger(writes=True)
def answer(*, ledger: Ledger, number: str, node: str, text: str, on: date | None, by: str) -> None:
    """答复：NUMBER 的一个节点 Answer a node of NUMBER; the rule set says what it must contain."""
    from sizhang.cadence.clocks import Event

    _act(ledger, number, Event("answer", on or this_day(), node, text=text), by)


@errand.command("extend", short_help="延期 Ask for, approve or refuse an extension")
@click.argument("number")
@click.option("--node", required=True, metavar="NODE", help="节点 Which node")
@click.option("--until", type=Day(), metavar="DAY", help="申请延至 Until when")
@click.option("--reason", default="", metavar="TEXT", help="理由 The reason, of the request or of the decision")
@click.option("--approve", is_flag=True, help="批准 Approve what was asked for")
@click.option("--refuse", is_flag=True, help="不批 Refuse it")
@ON
@BY
@with_ledger(writes=True)
def extend(*, ledger: Ledger, number: str, node: str, on: date | None, **options: Any) -> None:
    """延期：申请、批准或不批；原定日期不变 Extend a node of NUMBER; the first date stays visible beside the new one."""
    from sizhang.cadence.clocks import Event, find_pending
    from sizhang.store.cadence_errands import get_errand

    if options["approve"] and options["refuse"]:
        what = Words("批准与不批同时写了。", "It is both approved and refused.")
        raise LedgerError(what, where=number, remedy=Words("--approve 与 --refuse 只写一个。", "Give --approve or --refuse, not both."))
    decision: Literal["approve", "refuse"] | None = "approve" if options["approve"] else "refuse" if options["refuse"] else None
    day, until = on or this_day(), options["until"]
    if decision is None and until is None:
        raise LedgerError(
            Words("没有写延到哪一天。", "It is not said until when."),
            where=number,
            remedy=Words(
                "申请请写 --until DAY，审批请写 --approve 或 --refuse。", "Ask with --until DAY, or decide with --approve or --refuse."
            ),
        )
    if decision:
        with ledger.open() as store:
            pending = find_pending(get_errand(store, number), node)
        until = pending.until if pending and decision == "approve" else None
    _act(ledger, number, Event(decision or "request", day, node, until, options["reason"]), options["by"])


@errand.command("close", short_help="销号 Close with a grade")
@click.argument("number")
@click.option("--grade", required=True, metavar="GRADE", help="优秀、良好、一般、较差 One of the four grades")
@click.option("--finding", "text", default="", metavar="TEXT", help="核查结论 The finding")
@ON
@BY
@with_ledger(writes=True)
def close(*, ledger: Ledger, number: str, grade: str, text: str, on: date | None, by: str) -> None:
    """销号：各节点都已答复，评定等次 Close NUMBER with a grade, when every node is answered."""
    from sizhang.cadence.clocks import Event

    _act(ledger, number, Event("close", on or this_day(), text=text, grade=grade), by)


@errand.command("list", short_help="交办清单 List errands")
@click.argument("number", required=False)
@click.option("--body", default="", metavar="BODY", help="只看一个单位 Only of one body")
@ON
@with_ledger()
def list_(*, ledger: Ledger, number: str | None, body: str, on: date | None) -> None:
    """交办清单：每项各节点的原定和现定日期 Every errand with its nodes, both dates of each."""
    from sizhang.store.cadence_errands import get_errand, load_errands
    from sizhang.store.registers import get_body

    with ledger.open() as store:
        if body:
            get_body(store, body)
        found = [get_errand(store, number)] if number else load_errands(store, body=body)
        _show(ledger, store, found, on or this_day())


@errand.command("letter", short_help="督办函 Draft a letter")
@click.argument("number")
@click.option("--output", type=_FILE, required=True, metavar="DOCX", help="写入的文件 The file to write")
@ON
@BY
@with_ledger(writes=True)
def letter(*, ledger: Ledger, number: str, output: Path, on: date | None, by: str) -> None:
    """督办函：由账上事实起草 Word 文稿 Draft a letter of supervision about NUMBER from the facts of the ledger."""
    from sizhang.app.cadence import load_calendar
    from sizhang.app.errand import act
    from sizhang.app.letter import write_letter
    from sizhang.cadence.clocks import Event

    day = on or this_day()
    with ledger.open() as store:
        written = act(store, number, Event("letter", day, text=output.name), by)
        if not ledger.dry_run:
            write_letter(written, day, load_calendar(store), output)
        _show(ledger, store, [written], day)


def _act(ledger: Ledger, number: str, event: Event, by: str) -> None:
    from sizhang.app.errand import act

    with ledger.open() as store:
        _show(ledger, store, [act(store, number, event, by)], event.on)


def _show(ledger: Ledger, store: Any, found: list[Errand], on: date) -> None:
    from sizhang.app.cadence import load_calendar
    from sizhang.cadence.clocks import count_extensions, status_of
    from sizhang.cli.listing import show_rows

    calendar, rows = load_calendar(store), []
    for one in found:
        statuses = status_of(one, on, calendar)
        asked, approved = count_extensions(statuses)
        nodes = [
            {
                "node": status.node.key,
                "zh": status.node.zh,
                "first_due_on": status.first_due_on.isoformat(),
                "due_on": status.due_on.isoformat(),
                "answered_on": status.answered_on.isoformat() if status.answered_on else None,
                "state": status.state,
                **({"slip": status.slip} if status.slip else {}),
            }
            for status in statuses
        ]
        head = {"errand": one.number, "title": one.title, "body": one.body, "source": one.source, "hard": one.hard}
        rows.append(
            {
                **head,
                "given_on": one.given_on.isoformat(),
                "rules": one.rules.name,
                "extensions": {"asked": asked, "approved": approved},
                "closed_on": one.closed.on.isoformat() if one.closed else None,
                "grade": one.closed.grade if one.closed else None,
                "nodes": nodes,
                "dry_run": ledger.dry_run,
            }
        )
    show_rows(ledger, rows, _lines, "件 errands")


def _lines(row: dict[str, Any]) -> str:
    from sizhang.cadence.clocks import NODE_STATES, SOURCES

    closed = f" 已销号 closed {row['closed_on']} {row['grade']}" if row["closed_on"] else ""
    asked = row["extensions"]
    extended = f" 延期 extensions 申请 asked {asked['asked']} 批准 approved {asked['approved']}" if asked["asked"] else ""
    out = [
        f"{row['errand']} {row['title']}（{row['body']}，{SOURCES[row['source']]} {row['source']}，{row['given_on']}）{closed}{extended}"
    ]
    for node in row["nodes"]:
        both = node["first_due_on"] if node["first_due_on"] == node["due_on"] else f"{node['first_due_on']} → {node['due_on']}"
        words = f"{NODE_STATES[node['state']]} {node['state']}" + (f" {node['answered_on']}" if node["answered_on"] else "")
        out.append(f"  [{node['node']}] {node['zh']} {both} {words} {node.get('slip', '')}".rstrip())
    return "\n".join(out)
