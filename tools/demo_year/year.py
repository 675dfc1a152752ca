"""The year: who delivers how, and what is found when it is checked.

Most bodies are honest. One is late and recovers; one reports more than it built, hands in a photograph twice and is caught; a promise is
amended, one is broken, one is reopened, one is delivered beyond its number. Everything is booked in the order of its days.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

from demo_year.city import COUNTIES, RECORDER, VERIFIERS, department_of, reporter_of
from demo_year.pictures import draw_site
from sizhang.app.amend import amend
from sizhang.app.assign import assign
from sizhang.app.claim import claim
from sizhang.app.expire import expire
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
# The day on which the demonstration stands: the Monday after its last ten days.
TODAY = date(YEAR, 11, 2)
NOTICE_DAYS = 15
# Words of the promises that the counties deliver.
SPLIT_WORDS = (
    *("清洁取暖", "营造林", "高标准农田", "农村公路", "供水管网", "和美乡村", "空心村"),
    *("就业3.5万", "技能培训", "学位", "适老化", "厕所", "老旧小区"),
)
LATE = "白石县"
OVERREPORTING = "南岭区"
STOPPED = "易涝点"
BEYOND = "口袋公园"
ALL_BUILT_ON = date(YEAR, 9, 2)
# How many of the promises lag behind for want of money or people.
WEAK_SHARE = 0.12
# How many of the claims come with a photograph.
PHOTO_SHARE = 0.08
Progress = Callable[[str, int, int], None]
# Something that is booked on a day.
Step = tuple[date, Callable[[], object]]


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


@dataclass
class Album:
    """The photographs of the year; the first of the body that reports too much comes back as another promise's."""

    folder: Path
    dice: random.Random
    kept: Path | None = None
    kept_for: str = ""
    used_again: bool = False

    def take(self, promise: PromiseRow, period: Period) -> tuple[Path, ...]:
        """What a claim shows: mostly nothing, now and then a photograph."""
        if self.dice.random() >= PHOTO_SHARE:
            return ()
        place = (36.0 + self.dice.random(), 111.0 + self.dice.random())
        if promise.body == OVERREPORTING and self.kept and self.kept_for != promise.number and not self.used_again:
            self.used_again = True
            return (self.kept,)
        name = f"{promise.number}-{period}"
        photo = draw_site(self.folder / f"{name}.jpg", name, promise.title, period.end, place)
        if promise.body == OVERREPORTING and self.kept is None:
            self.kept, self.kept_for = photo, promise.number
        return (photo,)


def play(store: Store, seed: int, tell: Progress) -> None:
    """Play the whole year, day by day; `tell` hears how far it has come."""
    dice = random.Random(seed)
    promises = [one for one in load_promises(store, YEAR) if one.measure == "amount" and one.balance.promised]
    # One transaction for the year: a demonstration need not wait for the disk at each of its thousands of entries.
    with store.writing(), tempfile.TemporaryDirectory(prefix="qinghe-") as folder:
        cells, album = {track.number: numbers_of(track.cells) for track in load_tracks(store, year=YEAR)}, Album(Path(folder), dice)
        steps: list[Step] = []
        for promise in promises:
            for delivery in deliveries_of(promise, cells[promise.number], dice):
                if BEYOND not in promise.title or delivery.period.end < ALL_BUILT_ON:
                    steps += [_claim(store, promise, delivery, album), *_check(store, promise, delivery, dice)]
        steps += [*_items(store, dice), *_stories(store)]
        steps += [
            (last, partial(expire, store, last)) for last in (*(period_of(date(YEAR, m, 1), Level.MONTH).end for m in range(1, 11)), TODAY)
        ]
        steps.sort(key=lambda step: step[0])
        for index, (day, book) in enumerate(steps):
            tell(f"{day}", index, len(steps))
            book()
    tell("", len(steps), len(steps))


def _claim(store: Store, promise: PromiseRow, delivery: Delivery, album: Album) -> Step:
    day, evidence = delivery.period.end, album.take(promise, delivery.period)
    number = Decimal(delivery.steps).scaleb(-promise.decimals)
    text = f"{day.month}月{'上中下'[min(day.day // 10, 3) - 1]}旬完成情况"
    order = Order(promise.number, number, by=reporter_of(promise.body), on=day, text=text, evidence=evidence)
    return day, partial(claim, store, order)


def _check(store: Store, promise: PromiseRow, delivery: Delivery, dice: random.Random) -> list[Step]:
    """Two or three weeks later somebody else looks; what is not there goes back."""
    checked_on = delivery.period.end + timedelta(days=dice.randint(8, 24))
    if checked_on > LAST_DAY:
        return []
    steps, out = delivery.steps, []
    good = int(steps * delivery.true_share)
    visited = dice.randint(4, 12)
    order = Order(promise.number, by=dice.choice(VERIFIERS), on=checked_on)
    sent_back = max(visited // 3, 1) if steps > good else 0
    if good:
        number = Decimal(good).scaleb(-promise.decimals)
        text = f"现场抽查 {visited} 处，{visited - sent_back} 处属实"
        out.append((checked_on, partial(verify, store, replace(order, number=number, text=text))))
    if steps - good:
        number = Decimal(steps - good).scaleb(-promise.decimals)
        text = f"现场抽查 {visited} 处，{sent_back} 处未建成，退回"
        out.append((checked_on, partial(reject, store, replace(order, number=number, text=text))))
    settled_on = checked_on + timedelta(days=NOTICE_DAYS)
    if good and settled_on <= LAST_DAY and dice.random() < 0.8:
        number = Decimal(good).scaleb(-promise.decimals)
        text = f"公示 {NOTICE_DAYS} 日无异议"
        out.append((settled_on, partial(settle, store, Order(promise.number, number, by=RECORDER, on=settled_on, text=text))))
    return out


def _items(store: Store, dice: random.Random) -> Iterator[Step]:
    """Actions, stages and coverage: some are done and checked, some wait."""
    for promise in load_promises(store, YEAR):
        if promise.measure not in ("action", "stages") or not promise.balance.promised or dice.random() < 0.45:
            continue
        done_on = date(YEAR, dice.randint(3, 9), dice.randint(1, 28))
        order = Order(promise.number, Decimal(promise.balance.promised), by=reporter_of(promise.body), on=done_on, text="办结材料附后")
        yield done_on, partial(claim, store, order)
        if dice.random() < 0.7:
            checked_on = done_on + timedelta(days=12)
            checked = replace(order, by=dice.choice(VERIFIERS), on=checked_on, text="查阅文件并回访，属实")
            yield checked_on, partial(verify, store, checked)
            if dice.random() < 0.6 and not load_children(store, promise.id):
                settled_on = checked_on + timedelta(days=NOTICE_DAYS)
                settled = replace(order, by=RECORDER, on=settled_on, text=f"公示 {NOTICE_DAYS} 日无异议")
                yield settled_on, partial(settle, store, settled)


def _find(store: Store, words: str) -> PromiseRow:
    return next(one for one in load_promises(store, YEAR) if words in one.title and not one.parent)


def _stories(store: Store) -> Iterator[Step]:
    reclaimed = _find(store, "再生水利用率达到25%以上")
    by = reporter_of(reclaimed.body)
    claimed = Order(reclaimed.number, Decimal(1), by=by, on=date(YEAR, 9, 30), text="上报 25.4%")
    found = "按进出厂计量和用户水表核算为 23.8%，上报把景观补水重复计入，未达到，退回"
    sent_back = replace(claimed, by=VERIFIERS[0], on=date(YEAR, 10, 16), text=found)
    sewers = _find(store, "新建污水管网85公里")
    more = Order(sewers.number, Decimal(6), by=RECORDER, on=date(YEAR, 7, 20), text="市政府常务会议纪要第14期：增加6公里")
    yield date(YEAR, 9, 30), partial(claim, store, claimed)
    yield date(YEAR, 10, 16), partial(reject, store, sent_back)
    yield date(YEAR, 7, 20), partial(amend, store, more)
    yield ALL_BUILT_ON, partial(_build_beyond, store, next(one for one in load_promises(store, YEAR) if BEYOND in one.title and one.parent))
    yield LAST_DAY, partial(_reopen_one, store)


def _build_beyond(store: Store, parks: PromiseRow) -> None:
    """All delivered, and four more: the surplus is marked as such."""
    amend(store, Order(parks.number, Decimal(4), by=RECORDER, on=ALL_BUILT_ON, text="督查室认定：多建4个", surplus=True))
    left = Decimal(get_promise(store, parks.number).balance.promised)
    claim(store, Order(parks.number, left, by=reporter_of(parks.body), on=ALL_BUILT_ON, text="全部建成开放"))


def _reopen_one(store: Store) -> None:
    """Settled in summer; an autumn visit finds that part of it does not hold."""
    housing = next(one for one in load_promises(store, YEAR) if "老旧小区" in one.title and one.parent and one.balance.settled >= 2)
    found = "回访发现 1 个小区防水返工未完，销账不成立"
    reopen(store, Order(housing.number, Decimal(1), by=VERIFIERS[0], on=LAST_DAY, text=found))
