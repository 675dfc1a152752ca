"""The closing checklist: what must hold before the office writes off what was verified, each point with its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from sizhang.core.account import SINGLE
from sizhang.core.day import this_day
from sizhang.core.ledger import Stage
from sizhang.store.chain import day_number, day_of
from sizhang.store.connection import Store
from sizhang.store.objections import open_objections
from sizhang.store.reading import HistoryRow
from sizhang.store.registers import PromiseRow, load_children, load_promises, load_rules


@dataclass(frozen=True)
class Point:
    """One point: whether it holds, in words; `stops` where nothing can be settled until it does."""

    title: str
    holds: bool
    words: str
    stops: bool = True


@dataclass(frozen=True)
class Notice:
    """The notice of what was verified: how much may be settled now, and when the last of it may.

    Attributes:
        days: that the rule book gives others to object; 0 where it gives none.
        free: steps whose notice has ended.
        ends_on: the day on which all of it may be settled; None where nothing was verified.
    """

    days: int
    free: int
    ends_on: date | None

    @property
    def runs(self) -> bool:
        """Whether some of it still waits."""
        return self.ends_on is not None and self.ends_on > this_day()


def notice_of(promise: PromiseRow, days: int, moves: Sequence[tuple[date, int]]) -> Notice:
    """The notice of what stands verified.

    Args:
        days: of the notice.
        moves: what came to verified, and with a minus what left it, each on its day.
    """
    last = max((day for day, steps in moves if steps > 0), default=None)
    free = min(free_of(days, moves), promise.balance.verified)
    return Notice(days, free, last + timedelta(days=days) if last and promise.balance.verified else None)


def free_of(days: int, moves: Sequence[tuple[date, int]]) -> int:
    """How many steps have served a notice of so many days and were not settled yet."""
    until = this_day() - timedelta(days=days)
    arrived = sum(steps for day, steps in moves if steps > 0 and day <= until)
    gone = -sum(steps for _day, steps in moves if steps < 0)
    return max(arrived - gone, 0)


def moves_of(history: Sequence[HistoryRow]) -> list[tuple[date, int]]:
    """What came to verified and left it."""
    return [
        (entry.effective_on, entry.steps if entry.target == Stage.VERIFIED else -entry.steps)
        for entry in history
        if Stage.VERIFIED in (entry.source, entry.target)
    ]


def load_moves(store: Store, days: int) -> dict[str, list[tuple[date, int]]]:
    """What came to verified and left it, of every promise of which something stands verified, by number.

    The database sums what has served a notice of so many days, what has not, and what left: `notice_of` says the same of these few as of
    all moves.
    """
    until = this_day() - timedelta(days=days)
    arrived = "CASE WHEN target = %s AND effective_on {} %s THEN steps ELSE 0 END"
    sql = (
        "SELECT p.number, m.served, m.serving, m.gone, m.last FROM (SELECT promise_id, "
        f"SUM({arrived.format('<=')}) AS served, SUM({arrived.format('>')}) AS serving, "
        "SUM(CASE WHEN source = %s THEN steps ELSE 0 END) AS gone, MAX(CASE WHEN target = %s THEN effective_on END) AS last "
        "FROM entry WHERE target = %s OR source = %s GROUP BY promise_id) m JOIN promise p ON p.id = m.promise_id "
        "JOIN balance b ON b.promise_id = p.id WHERE b.verified > 0"
    )
    stage, day = int(Stage.VERIFIED), day_number(until)
    moves: dict[str, list[tuple[date, int]]] = {}
    for number, served, serving, gone, last in store.rows(sql, [stage, day, stage, day, *[stage] * 4]):
        on = day_of(int(last))
        moves[number] = [(min(on, until), int(served)), (on, int(serving)), (on, -int(gone))]
    return moves


def load_free(store: Store) -> set[str]:
    """The numbers of promises of which something may be settled now."""
    days = load_rules(store).notice_days
    return {number for number, moves in load_moves(store, days).items() if free_of(days, moves)}


def load_notices(store: Store) -> list[tuple[PromiseRow, Notice]]:
    """Every promise of which something stands verified, with its notice, the one that ends first coming first."""
    days = load_rules(store).notice_days
    moves = load_moves(store, days)
    years = [int(year) for (year,) in store.rows("SELECT DISTINCT year FROM promise ORDER BY year")]
    standing = [promise for year in years for promise in load_promises(store, year) if promise.number in moves]
    shown = [(promise, notice_of(promise, days, moves[promise.number])) for promise in standing]
    return sorted(shown, key=lambda one: (one[1].ends_on or date.max, one[0].number))


def check_closing(store: Store, promise: PromiseRow, history: Sequence[HistoryRow]) -> list[Point]:
    """Every point of the list, in the order in which they are looked at."""
    own = [entry for entry in history if entry.promise == promise.number]
    balance, unit, show = promise.balance, promise.symbol, promise.show
    verified = [entry for entry in own if entry.verb == "verify"]
    claimants = sorted({entry.body for entry in own if entry.verb == "claim"})
    verifiers = sorted({f"{entry.person}（{entry.body}）" for entry in verified})
    bare = [entry for entry in own if entry.verb == "claim" and not entry.evidence]
    objections = open_objections(store, promise.number)
    notice = notice_of(promise, load_rules(store).notice_days, moves_of(own))
    left = balance.promised + balance.claimed
    points = [
        Point(
            _("有已核实的数量"), balance.verified > 0, _("已核待销 %(number)s %(unit)s") % {"number": show(balance.verified), "unit": unit}
        ),
        Point(
            _("全部核实"),
            left == 0,
            _("尚欠 %(owed)s，已交待核 %(claimed)s %(unit)s")
            % {"owed": show(balance.promised), "claimed": show(balance.claimed), "unit": unit},
            stops=False,
        ),
        Point(
            _("核查人不是交账的单位"),
            bool(verified) and all(entry.body not in claimants for entry in verified),
            _("交账 %(claimants)s；核查 %(verifiers)s")
            % {"claimants": "、".join(claimants) or "—", "verifiers": "、".join(verifiers) or "—"},
        ),
        Point(_("交账都有佐证"), not bare, _("%(bare)s 笔交账没有附佐证") % {"bare": len(bare)} if bare else _("每笔都有"), stops=False),
        Point(_("核查结论写明了"), all(entry.text for entry in verified), verified[-1].text if verified else "—", stops=False),
        Point(_("公示期满"), notice.free > 0, _words_of(notice, promise)),
        Point(
            _("没有未答复的异议"), not objections, _("%(count)s 条异议待答复") % {"count": len(objections)} if objections else _("没有异议")
        ),
    ]
    return [*points, *_year_and_parts(store, promise)]


def _words_of(notice: Notice, promise: PromiseRow) -> str:
    if not notice.days:
        return _("规则没有设公示期")
    facts = {"days": notice.days, "free": promise.show(notice.free), "unit": promise.symbol, "end": notice.ends_on or "—"}
    return _("公示 %(days)s 天；现在可销 %(free)s %(unit)s，全部期满 %(end)s") % facts


def _year_and_parts(store: Store, promise: PromiseRow) -> list[Point]:
    out = []
    if promise.measure == "cap":
        last = date(promise.year, 12, 31)
        out.append(Point(_("全年守住"), this_day() >= last, _("上限要守到 %(last)s") % {"last": last}))
    if promise.measure in SINGLE | {"stages", "members"}:
        owing = [child.number for child in load_children(store, promise.id) if child.balance.owed]
        out.append(Point(_("各分项都已销账"), not owing, "、".join(owing[:5]) or _("没有未销的分项")))
    return out
