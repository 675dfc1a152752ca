"""How good the numbers of a promise are, in five lines drawn from its entries and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from sizhang.store.reading import HistoryRow, PromiseInfo, number_of
from sizhang.web.jinja import render_day, render_number
from sizhang.web.words import measure_name

_JUDGING = ("verify", "reject")


def describe_quality(family: Sequence[PromiseInfo], history: Sequence[HistoryRow], report: str) -> list[tuple[str, str]]:
    """Five lines: how verified, source, accuracy needed, known limits, how compensated.

    Args:
        family: the promise, then its parts.
        history: their entries, in the order of the chain.
        report: the name of the report that it was opened from; empty where it was written by hand.
    """
    promise = family[0]
    # Numbers are added up over the parts that count in the promise's own unit.
    counted = {one.number for one in family if (one.measure, one.unit) == (promise.measure, promise.unit)}
    own = [entry for entry in history if entry.promise in counted]
    claims = [entry for entry in history if entry.verb == "claim"]
    return [
        (_("怎么核的"), _how_verified(history)),
        (_("数从哪里来"), _source(promise, claims, report)),
        (_("要准到多少"), _accuracy(promise)),
        (_("已知的不足"), _limits(promise, own, claims)),
        (_("怎么弥补"), _compensated(promise, own)),
    ]


def _how_verified(history: Sequence[HistoryRow]) -> str:
    judged = [entry for entry in history if entry.verb in _JUDGING]
    if not judged:
        return _("还没有核过。")
    last, rejected = judged[-1], sum(entry.verb == "reject" for entry in judged)
    bodies = _("、").join(sorted({entry.body for entry in judged if entry.body}))
    said = _("%(bodies)s核过 %(judged)s 次，其中退回 %(rejected)s 次；最近一次 %(day)s") % {
        "bodies": bodies,
        "judged": len(judged),
        "rejected": rejected,
        "day": render_day(last.effective_on),
    }
    return said + (_("：") + last.text if last.text else _("。"))


def _source(promise: PromiseInfo, claims: Sequence[HistoryRow], report: str) -> str:
    opened = _("承诺出自%(report)s。") % {"report": report} if report else _("承诺是手工登记的，没有报告原句。")
    if not claims:
        return opened + _("还没有单位交账。")
    bodies = _("、").join(sorted({entry.body for entry in claims if entry.body}))
    files = len({digest for entry in claims for digest in entry.evidence})
    return opened + _("数由%(bodies)s交来，共 %(claims)s 笔，附佐证 %(files)s 件。") % {
        "bodies": bodies or promise.body,
        "claims": len(claims),
        "files": files,
    }


def _accuracy(promise: PromiseInfo) -> str:
    step = render_number(Decimal(1).scaleb(-promise.decimals))
    facts = {"measure": measure_name(promise.measure), "step": step, "unit": promise.unit}
    return _("%(measure)s；准到 %(step)s %(unit)s，不四舍五入。") % facts


def _limits(promise: PromiseInfo, own: Sequence[HistoryRow], claims: Sequence[HistoryRow]) -> str:
    said = []
    waiting = sum(entry.steps * ((entry.target == 2) - (entry.source == 2)) for entry in own)
    if waiting:
        said.append(_("%(number)s %(unit)s只是单位自报，还没有核实") % {"number": _number(waiting, promise), "unit": promise.unit})
    bare = sum(not entry.evidence for entry in claims)
    if bare:
        said.append(_("%(bare)s 笔交账没有附佐证") % {"bare": bare})
    unnamed = sum(not entry.lots for entry in claims)
    if unnamed and promise.measure in ("amount", "members"):
        said.append(_("%(unnamed)s 笔交账没有列出名单，不能逐处去看") % {"unnamed": unnamed})
    return _("；").join(said) + _("。") if said else _("没有未核实的数混在里面。")


def _compensated(promise: PromiseInfo, own: Sequence[HistoryRow]) -> str:
    words = {"reject": _("核查退回"), "reopen": _("销账后又翻出来"), "expire": _("逾期未核退回")}
    back = {verb: sum(entry.steps for entry in own if entry.verb == verb) for verb in words}
    said = [f"{words[verb]} {_number(steps, promise)} {promise.unit}" for verb, steps in back.items() if steps]
    if not said:
        return _("没有退回过。自报的不计入完成；不实的退回重办，每一步都留痕。")
    return _("；").join(said) + _("：都退回尚欠，重新办、重新核。")


def _number(steps: int, promise: PromiseInfo) -> str:
    return render_number(number_of(steps, promise.decimals))
