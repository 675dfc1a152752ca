"""The ledger's words as the pages say them."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from sizhang.cadence.clocks import Node
from sizhang.core.ledger import Stage
from sizhang.core.period import Period
from sizhang.store.reading import HistoryRow, number_of
from sizhang.web.telling import reader_language

_BACKWARD: Final = frozenset({"reject", "reopen", "expire"})


def verb_name(verb: str) -> str:
    """A verb."""
    return {
        "open": _("建账"),
        "claim": _("交账"),
        "verify": _("核账"),
        "reject": _("退账"),
        "settle": _("销账"),
        "amend": _("调账"),
        "reopen": _("回账"),
        "expire": _("逾期退账"),
    }[verb]


def measure_name(measure: str) -> str:
    """How a promise is counted."""
    return {
        "amount": _("按数量计"),
        "members": _("逐个计"),
        "stages": _("按节点计"),
        "level": _("看水平，核验时须达到"),
        "cap": _("看上限，全年每次核验都须守住"),
        "action": _("看事项，按约定验收"),
    }[measure]


def signed(entry: HistoryRow, decimals: int) -> str:
    """The number of an entry, with a minus where it goes back or lowers the promise."""
    lowers = entry.verb == "amend" and entry.target == Stage.PLEDGE
    text = f"{number_of(entry.steps, decimals):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"−{text}" if entry.verb in _BACKWARD or lowers else text


def upload_state(state: str) -> str:
    """How far an uploaded report has come."""
    return {
        "waiting": _("等待读取"),
        "text": _("正在取出文字"),
        "reading": _("正在逐句读"),
        "review": _("等人审核"),
        "failed": _("没有读成"),
        "opened": _("已建账"),
    }[state]


def decision_name(decision: str) -> str:
    """A reviewer's decision on a draft."""
    return {"accept": _("接受"), "edit": _("修改后接受"), "split": _("拆分"), "merge": _("合并"), "reject": _("退回")}[decision]


def column_name(column: str) -> str:
    """A column of the review."""
    return {
        "text": _("承诺原文"),
        "kind": _("类型"),
        "domain": _("领域"),
        "strength": _("力度"),
        "deadline": _("期限"),
        "targets": _("指标"),
        "parts": _("拆成"),
    }[column]


def strength_name(strength: str) -> str:
    """How strongly something was promised."""
    return {"ensure": _("确保"), "strive": _("力争"), "plan": _("安排")}[strength]


def ledger_role_name(role: str) -> str:
    """What somebody may do in the ledger."""
    return {"recorder": _("建账、调账"), "reporter": _("交账"), "verifier": _("核账"), "keeper": _("销账")}[role]


def pasted_title(name: str) -> str:
    """A column of a pasted table."""
    return {
        "title": _("承诺"),
        "number": _("数量"),
        "unit": _("计量单位"),
        "body": _("单位"),
        "domain": _("领域"),
        "deadline": _("期限"),
        "promise": _("编号"),
        "quantity": _("数量"),
        "on": _("日期"),
        "text": _("说明"),
        "lots": _("批次"),
        "id": _("自定编号"),
        "by": _("经办"),
    }[name]


def stage_name(stage: Stage) -> str:
    """Where a quantity stands."""
    return {
        Stage.PLEDGE: _("未立"),
        Stage.PROMISED: _("尚欠"),
        Stage.CLAIMED: _("已交待核"),
        Stage.VERIFIED: _("已核待销"),
        Stage.SETTLED: _("已销"),
    }[stage]


def xun_name(period: Period) -> str:
    """Ten days of a month as people say it: 3月上旬, 1–10 Mar."""
    month = month_name(period.start.month)
    if reader_language() == "en":
        return f"{period.start.day}–{period.end.day} {month}"
    return month + ("上旬", "中旬", "下旬")[min((period.start.day - 1) // 10, 2)]


def month_name(month: int) -> str:
    """A month, 1 to 12: 3月, Mar."""
    return f"{date(2000, month, 1):%b}" if reader_language() == "en" else f"{month}月"


def node_state(state: str) -> str:
    """How a node of an errand stands."""
    return {"answered": _("按时"), "late": _("迟复"), "waiting": _("待复"), "overdue": _("逾期")}[state]


def node_light(state: str) -> str:
    """The shape beside it."""
    return {"answered": "kept", "late": "recovered", "waiting": "none", "overdue": "broken"}[state]


def event_name(kind: str) -> str:
    """What happened to an errand."""
    return {
        "answer": _("回复"),
        "request": _("申请延期"),
        "approve": _("同意延期"),
        "refuse": _("不同意延期"),
        "letter": _("督办函"),
        "close": _("办结"),
    }[kind]


def contains_form(node: Node) -> str:
    """The parts that an answer must have, to be filled in."""
    return "\n".join(f"{zh}：" for zh, _en in node.contains)


def source_name(source: str) -> str:
    """Where an errand came from."""
    return {"meeting": _("会议"), "instruction": _("批示"), "inspection": _("检查"), "citizen": _("群众")}[source]
