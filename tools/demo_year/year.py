"""The year: who delivers how, and what is found when it is checked.

Most bodies are honest. One is late and recovers; one reports more than it built and is caught; one uses a photograph twice; a promise is
amended, one is broken, one is reopened, one is delivered beyond its number.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from demo_year.city import COUNTIES, RECORDER, VERIFIERS, department_of, reporter_of
from demo_year.pictures import draw_site
from sizhang.app.amend import amend
from sizhang.app.assign import assign
from sizhang.app.claim import claim
from sizhang.app.order import Order
from sizhang.app.reject import reject
from sizhang.app.reopen import reopen
from sizhang.app.settle import settle
from sizhang.app.split import Division, split
from sizhang.app.tables import Part
from sizhang.app.verify import verify
from sizhang.core.period import Level, Period, period_of
from sizhang.store.cadence_plans import load_tracks, numbers_of
from sizhang.store.connection import Store
from sizhang.store.registers import PromiseRow, get_promise, load_children, load_promises

YEAR = 2026
LAST_DAY = date(YEAR, 10, 31)
# Words of the promises that the counties deliver.
SPLIT_WORDS = (
    *("清洁取暖", "营造林", "高标准农田", "农村公路", "供水管网", "和美乡村", "空心村"),
    *("就业3.5万", "技能培训", "学位", "适老化", "厕所", "老旧小区"),
)
LATE = "白石县"
OVERREPORTING = "南岭区"
STOPPED = "易涝点"
# How many of the promises lag behind for want of money or people.
WEAK_SHARE = 0.12
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Delivery:
    """What a body reports at the end of a ten-day period, in steps, and the share of it that is really there."""

    period: Period
    steps: int
    true_share: Decimal = Decimal(1)


def hand_out(store: Store) -> None:
    """Give every promise its lead body, and divide those that counties deliver."""
    for promise in load_promises(store, YEAR):
        assign(store, promise.number, department_of(promise.title, promise.domain), None, "任务分解通知第1号", RECORDER)
    shares = dict(zip(COUNTIES, map(Decimal, (22, 20, 16, 12, 16, 14)), strict=True))
    for promise in load_promises(store, YEAR):
        if promise.measure == "amount" and promise.balance.promised >= 60 and any(word in promise.title for word in SPLIT_WORDS):
            parts = tuple(Part(county, "", None, share) for county, share in shares.items())
            split(store, Division(promise.number, parts, by=RECORDER))


def deliveries_of(promise: PromiseRow, cells: Sequence[int], dice: random.Random) -> list[Delivery]:
    """How a body delivers against its plan until the last day played, in whole units where the number is large."""
    whole, rate = promise.balance.promised, rate_of(promise, dice)
    grain = 10**promise.decimals if whole >= 40 * 10**promise.decimals else 1
    true_share = Decimal("0.7") if promise.body == OVERREPORTING else Decimal(1)
    months = [period_of(date(YEAR, month, 1), Level.MONTH) for month in range(1, LAST_DAY.month + 1)]
    out, done = [], 0
    for index, period in enumerate(ten for month in months for ten in month.parts(Level.XUN)):
        wanted = int(sum(cells[: index + 1]) * rate(period, sum(cells[:index]), sum(cells))) // grain * grain
        steps = min(wanted, whole) - done
        if steps > 0:
            out.append(Delivery(period, steps, true_share))
            done += steps
    return out


def rate_of(promise: PromiseRow, dice: random.Random) -> Callable[[Period, int, int], float]:
    """How far a body is with its plan at the end of a period, as a factor of what was planned until then."""
    weak = dice.random() < WEAK_SHARE
    slope = dice.uniform(0.6, 0.85) if weak else dice.uniform(1.0, 1.1)

    def rate(period: Period, planned: int, whole: int) -> float:
        if STOPPED in promise.title:
            return 1.0 if planned < 0.6 * whole else 0.64 * whole / (planned or 1)
        if promise.body == LATE:
            # Little before July, then all of it and more, month by month.
            return 0.3 if period.start.month < 7 else min(0.3 + 0.25 * (period.start.month - 6), 1.05)
        return slope * dice.uniform(0.97, 1.05)

    return rate


def play(store: Store, seed: int, tell: Progress) -> None:
    """Play the whole year, promise by promise; `tell` hears how far it has come."""
    dice = random.Random(seed)
    promises = [one for one in load_promises(store, YEAR) if one.measure == "amount" and one.balance.promised]
    # One transaction for the year: a demonstration need not wait for the disk at each of its thousands of entries.
    with store.writing(), tempfile.TemporaryDirectory(prefix="qinghe-") as folder:
        cells = {track.number: numbers_of(track.cells) for track in load_tracks(store, year=YEAR)}
        for index, promise in enumerate(promises):
            tell(promise.title, index, len(promises))
            for delivery in deliveries_of(promise, cells[promise.number], dice):
                _claim(store, promise, delivery, Path(folder), dice)
                _check(store, promise, delivery, dice)
        _play_items(store, dice)
        _play_stories(store)
    tell("", len(promises), len(promises))


def _claim(store: Store, promise: PromiseRow, delivery: Delivery, folder: Path, dice: random.Random) -> None:
    evidence: tuple[Path, ...] = ()
    if dice.random() < 0.08:
        place = (36.0 + dice.random(), 111.0 + dice.random())
        name = f"{promise.number}-{delivery.period}"
        evidence = (draw_site(folder / f"{name}.jpg", name, delivery.period.end, *place),)
    number = Decimal(delivery.steps).scaleb(-promise.decimals)
    text = f"{delivery.period} 完成情况"
    claim(store, Order(promise.number, number, by=reporter_of(promise.body), on=delivery.period.end, text=text, evidence=evidence))


def _check(store: Store, promise: PromiseRow, delivery: Delivery, dice: random.Random) -> None:
    """Two or three weeks later somebody else looks; what is not there goes back."""
    checked_on = delivery.period.end + timedelta(days=dice.randint(8, 24))
    if checked_on > LAST_DAY:
        return
    steps = delivery.steps
    good = int(steps * delivery.true_share)
    by = dice.choice(VERIFIERS)
    visited = dice.randint(4, 12)
    if good:
        number = Decimal(good).scaleb(-promise.decimals)
        verify(store, Order(promise.number, number, by=by, on=checked_on, text=f"现场抽查 {visited} 处，{visited} 处属实"))
    if steps - good:
        number = Decimal(steps - good).scaleb(-promise.decimals)
        finding = f"现场抽查 {visited} 处，{max(visited // 3, 1)} 处未建成，退回"
        reject(store, Order(promise.number, number, by=by, on=checked_on, text=finding))
    settled_on = checked_on + timedelta(days=15)
    if good and settled_on <= LAST_DAY and dice.random() < 0.8:
        number = Decimal(good).scaleb(-promise.decimals)
        settle(store, Order(promise.number, number, by=RECORDER, on=settled_on, text="公示 15 日无异议"))


def _play_items(store: Store, dice: random.Random) -> None:
    """Actions, stages and coverage: some are done and checked, some wait."""
    for promise in load_promises(store, YEAR):
        if promise.measure not in ("action", "stages") or not promise.balance.promised or dice.random() < 0.45:
            continue
        done_on = date(YEAR, dice.randint(3, 9), dice.randint(1, 28))
        order = Order(promise.number, Decimal(promise.balance.promised), by=reporter_of(promise.body), on=done_on, text="办结材料附后")
        claim(store, order)
        if dice.random() < 0.7:
            checked_on = done_on + timedelta(days=12)
            verify(store, replace(order, by=dice.choice(VERIFIERS), on=checked_on, text="查阅文件并回访，属实"))
            if dice.random() < 0.6 and not load_children(store, promise.id):
                settle(store, replace(order, by=RECORDER, on=checked_on + timedelta(days=15), text="公示无异议"))


def _find(store: Store, words: str) -> PromiseRow:
    return next(one for one in load_promises(store, YEAR) if words in one.title and not one.parent)


def _play_stories(store: Store) -> None:
    reclaimed = _find(store, "再生水利用率达到25%以上")
    by = reporter_of(reclaimed.body)
    claim(store, Order(reclaimed.number, Decimal(1), by=by, on=date(YEAR, 9, 30), text="上报 25.4%"))
    found = "按进出厂计量和用户水表核算为 23.8%，上报把景观补水重复计入，未达到，退回"
    reject(store, Order(reclaimed.number, Decimal(1), by=VERIFIERS[0], on=date(YEAR, 10, 16), text=found))
    sewers = _find(store, "新建污水管网85公里")
    amend(store, Order(sewers.number, Decimal(6), by=RECORDER, on=date(YEAR, 7, 20), text="市政府常务会议纪要第14期：增加6公里"))
    _play_beyond(store, _find_part(store, "口袋公园"))
    _play_reopened(store)


def _find_part(store: Store, words: str) -> PromiseRow:
    return next(one for one in load_promises(store, YEAR) if words in one.title and one.measure == "amount")


def _play_beyond(store: Store, parks: PromiseRow) -> None:
    """All delivered, and four more: the surplus is marked as such."""
    amend(store, Order(parks.number, Decimal(4), by=RECORDER, on=date(YEAR, 9, 1), text="督查室认定：多建4个", surplus=True))
    left = get_promise(store, parks.number).balance.promised
    order = Order(parks.number, Decimal(left), by=reporter_of(parks.body), on=date(YEAR, 9, 2), text="全部建成开放")
    claim(store, order)
    verify(store, replace(order, by=VERIFIERS[1], on=date(YEAR, 9, 20), text="逐个到场，40个全部开放"))


def _play_reopened(store: Store) -> None:
    """Settled in summer; an autumn visit finds that part of it does not hold."""
    housing = next(one for one in load_promises(store, YEAR) if "老旧小区" in one.title and one.parent and one.balance.settled >= 2)
    found = "回访发现 1 个小区防水返工未完，销账不成立"
    reopen(store, Order(housing.number, Decimal(1), by=VERIFIERS[0], on=LAST_DAY, text=found))
