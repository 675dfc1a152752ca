"""The clocks of errands 交办: nodes that fall due, extensions that leave both dates visible, grades, slips.

An errand is a list of events; how it stands on a day is computed from them. Rule sets are files: `rules/13710.toml`, `rules/slips.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from typing import Final, Literal

from sizhang.cadence.workdays import WorkCalendar
from sizhang.core.errors import LedgerError

Count = Literal["calendar", "working"]
Source = Literal["meeting", "instruction", "inspection", "citizen"]
EventKind = Literal["answer", "request", "approve", "refuse", "close", "letter"]
NodeState = Literal["answered", "late", "waiting", "overdue"]
SOURCES: Final[dict[Source, str]] = {"meeting": "会议", "instruction": "批示", "inspection": "检查", "citizen": "群众"}
NODE_STATES: Final[dict[NodeState, str]] = {"answered": "按时", "late": "迟复", "waiting": "待复", "overdue": "逾期"}
RULE_SETS: Final = ("13710", "slips")


@dataclass(frozen=True, slots=True)
class Node:
    """A date by which something must be answered.

    Attributes:
        days: after the day on which the errand was given; 0 is that day.
        applies: `all`, `ordinary` or `hard`.
        contains: what the answer must hold, in Chinese and English.
    """

    key: str
    days: int
    applies: str
    zh: str
    en: str
    contains: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A clock.

    Attributes:
        count: whether its days are calendar or working days.
        grades: the four grades of closing, the best first.
        slips: colours and names of the slips; empty where the clock has none.
        yellow_days_before: days before a node on which the yellow slip goes out.
    """

    name: str
    zh: str
    count: Count
    grades: tuple[str, ...]
    nodes: tuple[Node, ...]
    slips: tuple[tuple[str, str], ...] = ()
    yellow_days_before: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an errand.

    Attributes:
        node: which node it is about; empty for a closing or a letter.
        on: the day.
        until: the day asked for or given, of an extension.
        text: the answer, the reason or the decision.
        grade: of a closing.
    """

    kind: EventKind
    on: date
    node: str = ""
    until: date | None = None
    text: str = ""
    grade: str = ""


@dataclass(frozen=True, slots=True)
class Errand:
    """Something that a body was told to do.

    Attributes:
        number: `E2026-001`.
        hard: a major or complex matter, with the longer node.
    """

    number: str
    source: Source
    title: str
    body: str
    given_on: date
    hard: bool
    rules: RuleSet
    events: tuple[Event, ...] = ()

    @property
    def closed(self) -> Event | None:
        """The closing, if there was one."""
        return next((event for event in self.events if event.kind == "close"), None)


@dataclass(frozen=True, slots=True)
class NodeStatus:
    """How a node stands.

    Attributes:
        first_due_on: the date of the rule; it never changes.
        due_on: the date after approved extensions.
        requests, approved: extensions asked for and given.
        slip: the colour of the slip that is due, where the clock has slips.
    """

    node: Node
    first_due_on: date
    due_on: date
    answered_on: date | None
    state: NodeState
    requests: int
    approved: int
    slip: str = ""


def parse_rule_set(text: str) -> RuleSet:
    """Read a rule file.

    Raises:
        LedgerError: it is no TOML or lacks a part; or has not four grades.
    """
    try:
        given = tomllib.loads(text)
        nodes = tuple(Node(**{**node, "contains": tuple(tuple(one) for one in node["contains"])}) for node in given["nodes"])
        rules = RuleSet(
            given["name"],
            given["zh"],
            given["count"],
            tuple(given["grades"]),
            nodes,
            tuple((colour, name) for colour, name in given.get("slips", ())),
            given.get("yellow_days_before", 0),
        )
    except KeyError as fault:
        raise LedgerError(f"The rule set of clocks has no {fault.args[0]}.", remedy="Compare it with the rule file of 13710.") from fault
    except (tomllib.TOMLDecodeError, TypeError, ValueError) as fault:
        remedy = "Compare it with the rule file of 13710."
        raise LedgerError(f"The rule set of clocks cannot be read: {fault}.", remedy=remedy) from fault
    if rules.count not in ("calendar", "working") or len(rules.grades) != 4 or any(node.days < 0 for node in nodes):
        raise LedgerError(
            f"The rule set {rules.name} counts “{rules.count}” days and has {len(rules.grades)} grades.",
            remedy='Set count to "calendar" or "working", give four grades, and no days under 0.',
        )
    return rules


def load_rule_set(name: str) -> str:
    """The text of a rule set that ships.

    Raises:
        LedgerError: there is none of that name.
    """
    if name not in RULE_SETS:
        raise LedgerError(f"There is no rule set “{name}”.", remedy=f"Name one of {', '.join(RULE_SETS)}, or a file.")
    return (files("sizhang.cadence") / "rules" / f"{name}.toml").read_text("utf-8")


def due_date(rules: RuleSet, given_on: date, days: int, calendar: WorkCalendar) -> date:
    """The day on which a node falls due."""
    if rules.count == "working":
        return calendar.add_working_days(given_on, days)
    return given_on + timedelta(days=days)


def nodes_of(errand: Errand) -> list[Node]:
    """The nodes that an errand has."""
    kind = "hard" if errand.hard else "ordinary"
    return [node for node in errand.rules.nodes if node.applies in ("all", kind)]


def status_of(errand: Errand, on: date, calendar: WorkCalendar) -> list[NodeStatus]:
    """How each node stands at the end of a day; what happened later is not known yet."""
    known = [event for event in errand.events if event.on <= on]
    closing = next((event.on for event in known if event.kind == "close"), None)
    out = []
    for node in nodes_of(errand):
        own = [event for event in known if event.node == node.key]
        first = due_date(errand.rules, errand.given_on, node.days, calendar)
        due = max([first, *(event.until for event in own if event.kind == "approve" and event.until)])
        answered = next((event.on for event in own if event.kind == "answer"), closing)
        state: NodeState = "waiting" if on <= due else "overdue"
        if answered is not None:
            state = "answered" if answered <= due else "late"
        requests, approved = (sum(event.kind == kind for event in own) for kind in ("request", "approve"))
        out.append(NodeStatus(node, first, due, answered, state, requests, approved, _slip(errand.rules, due, state, on)))
    return out


def _slip(rules: RuleSet, due: date, state: NodeState, on: date) -> str:
    if not rules.slips or state in ("answered", "late"):
        return ""
    near = due - timedelta(days=rules.yellow_days_before)
    place = 2 if state == "overdue" else 1 if on >= near else 0
    return rules.slips[place][1]


def check_event(errand: Errand, event: Event, calendar: WorkCalendar) -> None:
    """Refuse what the clock does not allow.

    Raises:
        LedgerError: the errand is closed, the node is unknown or answered, an answer lacks a part, an extension is asked for too late
            or not beyond the date it has, or decided without having been asked for, the grade is unknown, or a node is left
            over at the closing.
    """
    if errand.closed is not None:
        raise _refused(errand, f"It was closed on {errand.closed.on}.", "Give a new errand.")
    if event.on < errand.given_on:
        raise _refused(errand, f"{event.on} lies before {errand.given_on}, when it was given.", "Give the day on which it happened.")
    if event.kind == "close":
        _check_close(errand, event, calendar)
        return
    if event.kind == "letter":
        return
    known = {status.node.key: status for status in status_of(errand, event.on, calendar)}
    if event.node not in known:
        raise _refused(errand, f"It has no node “{event.node}”.", f"Name one of {', '.join(known)}.")
    status = known[event.node]
    if status.answered_on is not None:
        raise _refused(errand, f"Node {event.node} was answered on {status.answered_on}.", "Answer the next one.")
    if event.kind == "answer":
        missing = [f"{zh} {en}" for zh, en in status.node.contains if zh not in event.text]
        if missing:
            words = f"The answer to node {event.node} does not contain {'; '.join(missing)}."
            raise _refused(errand, words, f"Write each part with its name, such as “{status.node.contains[0][0]}：…”.")
    else:
        _check_extension(errand, event, status)


def _check_extension(errand: Errand, event: Event, status: NodeStatus) -> None:
    if event.kind == "request":
        if event.on > status.due_on:
            words = f"An extension of node {event.node} is asked for on {event.on}, after it was due on {status.due_on}."
            raise _refused(errand, words, "Answer it late; an extension cannot be asked for afterwards.")
        if event.until is None or event.until <= status.due_on:
            raise _refused(errand, f"An extension until {event.until} does not extend {status.due_on}.", "Ask for a later day.")
        if not event.text.strip():
            raise _refused(errand, "An extension is asked for without a reason.", "Give the reason.")
        return
    if find_pending(errand, event.node) is None:
        raise _refused(errand, f"No extension of node {event.node} waits for a decision.", "Let the body ask for it first.")


def find_pending(errand: Errand, node: str) -> Event | None:
    """The request for an extension that is not decided."""
    own = [event for event in errand.events if event.node == node and event.kind in ("request", "approve", "refuse")]
    return own[-1] if own and own[-1].kind == "request" else None


def _check_close(errand: Errand, event: Event, calendar: WorkCalendar) -> None:
    if event.grade not in errand.rules.grades:
        raise _refused(errand, f"The grade “{event.grade}” is unknown.", f"Give one of {', '.join(errand.rules.grades)}.")
    open_nodes = [status.node.key for status in status_of(errand, event.on, calendar) if status.answered_on is None]
    if open_nodes:
        raise _refused(errand, f"The nodes {', '.join(open_nodes)} are not answered.", "Answer them first: none is left over.")


def _refused(errand: Errand, what: str, remedy: str) -> LedgerError:
    return LedgerError(what, where=errand.number, remedy=remedy)


def count_extensions(statuses: Sequence[NodeStatus]) -> tuple[int, int]:
    """How many extensions were asked for, and how many were given."""
    return sum(status.requests for status in statuses), sum(status.approved for status in statuses)
