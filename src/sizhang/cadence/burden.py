"""The burden meter: what each body is asked for, in minutes, with a cap a week."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files

from sizhang.core.errors import LedgerError, Words


@dataclass(frozen=True, slots=True)
class Prices:
    """What questions cost.

    Attributes:
        cap_minutes: how much one body may be asked in one week, Monday to Sunday.
        minutes: the price of each kind of question.
        zh: the kinds in Chinese.
    """

    cap_minutes: int
    minutes: Mapping[str, int]
    zh: Mapping[str, str]

    def price_of(self, kind: str) -> int:
        """Minutes.

        Raises:
            LedgerError: the kind has no price.
        """
        if kind not in self.minutes:
            raise LedgerError(
                Words(f"“{kind}”这类要求没有标价。", f"A question of the kind “{kind}” has no price."),
                remedy=Words(f"请从这些里选一类：{'、'.join(self.minutes)}。", f"Ask for one of {', '.join(self.minutes)}."),
            )
        return self.minutes[kind]


def parse_prices(text: str | None = None) -> Prices:
    """Read a price list; the one that ships where none is given.

    Raises:
        LedgerError: it is no TOML, or a price or the cap is no whole number over 0.
    """
    try:
        given = tomllib.loads(text or (files("sizhang.cadence") / "rules" / "burden.toml").read_text("utf-8"))
        prices = Prices(given["cap_minutes"], given["price"], given.get("zh", {}))
    except (tomllib.TOMLDecodeError, KeyError) as fault:
        raise LedgerError(
            Words(f"标价表读不出来：{fault}。", f"The price list cannot be read: {fault}."),
            remedy=Words("请写 cap_minutes 和表 [price]。", "Give cap_minutes and a table [price]."),
        ) from fault
    if not isinstance(prices.minutes, dict) or not isinstance(prices.zh, dict):
        raise LedgerError(
            Words("标价表里没有价目。", "The price list has no table of prices."),
            remedy=Words("请写 [price]，下面逐行写如 figure = 15。", "Write [price] and below it lines such as figure = 15."),
        )
    for name, minutes in (("cap_minutes", prices.cap_minutes), *prices.minutes.items()):
        if not isinstance(minutes, int) or isinstance(minutes, bool) or minutes <= 0:
            raise LedgerError(
                Words(f"标价表里 {name} 是 {minutes!r}。", f"{name} is {minutes!r} in the price list."),
                remedy=Words("请填大于 0 的整分钟数。", "Give whole minutes over 0."),
            )
    return prices


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of its week."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def check_cap(prices: Prices, body: str, asked: Iterable[int], minutes: int, day: date) -> None:
    """Refuse a question that would ask too much of a body in one week.

    Args:
        asked: the minutes of what it was asked in that week already.

    Raises:
        LedgerError: the cap would be passed.
    """
    before = sum(asked)
    if before + minutes > prices.cap_minutes:
        monday, sunday = week_of(day)
        raise LedgerError(
            Words(
                f"{monday} 至 {sunday} 已要求{body} {before} 分钟，再加 {minutes} 分钟就超过上限 {prices.cap_minutes} 分钟。",
                f"{body} was asked for {before} minutes from {monday} to {sunday}; {minutes} more pass the cap of {prices.cap_minutes}.",
            ),
            remedy=Words(
                f"请等到 {sunday + timedelta(days=1)} 再要，或少要一些。",
                f"Ask from {sunday + timedelta(days=1)} on, or ask for less.",
            ),
        )
