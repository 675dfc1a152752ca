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
from sizhang.core.errors import LedgerError, Words

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


_COMPARE: Final = Words("请对照 13710 的规则文件。", "Compare it with the rule file of 13710.")


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
        raise LedgerError(
            Words(f"时限规则里没有 {fault.args[0]}。", f"The rule set of clocks has no {fault.args[0]}."), remedy=_COMPARE
        ) from fault
    except (tomllib.TOMLDecodeError, TypeError, ValueError) as fault:
        raise LedgerError(
            Words(f"时限规则读不出来：{fault}。", f"The rule set of clocks cannot be read: {fault}."), remedy=_COMPARE
        ) from fault
    if rules.count not in ("calendar", "working") or len(rules.grades) != 4 or any(node.days < 0 for node in nodes):
        raise LedgerError(
            Words(
                f"时限规则 {rules.name} 的 count 是“{rules.count}”，有 {len(rules.grades)} 个等次。",
                f"The rule set {rules.name} counts “{rules.count}” days and has {len(rules.grades)} grades.",
            ),
            remedy=Words(
                'count 请写 "calendar" 或 "working"，等次写四个，天数不小于 0。',
                'Set count to "calendar" or "working", give four grades, and no days under 0.',
            ),
        )
    return rules


def load_rule_set(name: str) -> str:
    """The text of a rule set that ships.

    Raises:
        LedgerError: there is none of that name.
    """
    if name not in RULE_SETS:
        raise LedgerError(
            Words(f"没有名为“{name}”的时限规则。", f"There is no rule set “{name}”."),
            remedy=Words(f"请写 {'、'.join(RULE_SETS)} 之一，或一个文件。", f"Name one of {', '.join(RULE_SETS)}, or a file."),
        )
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
        raise _refused(
            errand,
            Words(f"这件交办已在 {errand.closed.on} 销号。", f"It was closed on {errand.closed.on}."),
            Words("请另行交办。", "Give a new errand."),
        )
    if event.on < errand.given_on:
        raise _refused(
            errand,
            Words(f"{event.on} 早于交办的日子 {errand.given_on}。", f"{event.on} lies before {errand.given_on}, when it was given."),
            Words("请填实际发生的日期。", "Give the day on which it happened."),
        )
    if event.kind == "close":
        _check_close(errand, event, calendar)
        return
    if event.kind == "letter":
        return
    known = {status.node.key: status for status in status_of(errand, event.on, calendar)}
    if event.node not in known:
        raise _refused(
            errand,
            Words(f"它没有“{event.node}”这个节点。", f"It has no node “{event.node}”."),
            Words(f"请写 {'、'.join(known)} 之一。", f"Name one of {', '.join(known)}."),
        )
    status = known[event.node]
    if status.answered_on is not None:
        raise _refused(
            errand,
            Words(f"节点 {event.node} 已在 {status.answered_on} 答复。", f"Node {event.node} was answered on {status.answered_on}."),
            Words("请答复下一个节点。", "Answer the next one."),
        )
    if event.kind == "answer":
        missing = [part for part in status.node.contains if part[0] not in event.text]
        if missing:
            zh, en = "、".join(zh for zh, _ in missing), "; ".join(f"{zh} {en}" for zh, en in missing)
            words = Words(f"对节点 {event.node} 的答复缺少：{zh}。", f"The answer to node {event.node} does not contain {en}.")
            example = f"“{status.node.contains[0][0]}：…”"
            raise _refused(
                errand,
                words,
                Words(f"请逐项写明，各项前写上名称，如{example}。", f"Write each part with its name, such as {example}."),
            )
    else:
        _check_extension(errand, event, status)


def _check_extension(errand: Errand, event: Event, status: NodeStatus) -> None:
    if event.kind == "request":
        if event.on > status.due_on:
            words = Words(
                f"节点 {event.node} 应在 {status.due_on} 前答复，到 {event.on} 才申请延期。",
                f"An extension of node {event.node} is asked for on {event.on}, after it was due on {status.due_on}.",
            )
            raise _refused(
                errand, words, Words("请补作答复；过期不能再申请延期。", "Answer it late; an extension cannot be asked for afterwards.")
            )
        if event.until is None or event.until <= status.due_on:
            raise _refused(
                errand,
                Words(
                    f"延期到 {event.until}，并不晚于原定的 {status.due_on}。",
                    f"An extension until {event.until} does not extend {status.due_on}.",
                ),
                Words("请申请更晚的日期。", "Ask for a later day."),
            )
        if not event.text.strip():
            raise _refused(
                errand,
                Words("申请延期没有写理由。", "An extension is asked for without a reason."),
                Words("请写明理由。", "Give the reason."),
            )
        return
    if find_pending(errand, event.node) is None:
        raise _refused(
            errand,
            Words(f"节点 {event.node} 没有待批的延期申请。", f"No extension of node {event.node} waits for a decision."),
            Words("请先由承办单位申请。", "Let the body ask for it first."),
        )


def find_pending(errand: Errand, node: str) -> Event | None:
    """The request for an extension that is not decided."""
    own = [event for event in errand.events if event.node == node and event.kind in ("request", "approve", "refuse")]
    return own[-1] if own and own[-1].kind == "request" else None


def _check_close(errand: Errand, event: Event, calendar: WorkCalendar) -> None:
    if event.grade not in errand.rules.grades:
        raise _refused(
            errand,
            Words(f"没有“{event.grade}”这个等次。", f"The grade “{event.grade}” is unknown."),
            Words(f"请写 {'、'.join(errand.rules.grades)} 之一。", f"Give one of {', '.join(errand.rules.grades)}."),
        )
    open_nodes = [status.node.key for status in status_of(errand, event.on, calendar) if status.answered_on is None]
    if open_nodes:
        raise _refused(
            errand,
            Words(f"这些节点还没有答复：{'、'.join(open_nodes)}。", f"The nodes {', '.join(open_nodes)} are not answered."),
            Words("请先答复，一个也不留。", "Answer them first: none is left over."),
        )


def _refused(errand: Errand, what: Words, remedy: Words) -> LedgerError:
    return LedgerError(what, where=errand.number, remedy=remedy)


def count_extensions(statuses: Sequence[NodeStatus]) -> tuple[int, int]:
    """How many extensions were asked for, and how many were given."""
    return sum(status.requests for status in statuses), sum(status.approved for status in statuses)
