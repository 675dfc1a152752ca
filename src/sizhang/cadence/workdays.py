"""The Chinese working calendar: public holidays and the weekend days that are worked to make up for them.

Source: the State Council's yearly notice on holidays, as the library chinesecalendar holds it. Years that it does not know come from a
rule file; a year that neither knows is refused, since nobody can guess next year's notice.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sizhang.core.errors import LedgerError, Words


@dataclass(frozen=True, slots=True)
class YearRule:
    """One year's notice.

    Attributes:
        holidays: days off that are no weekend, or are named as holidays all the same.
        workdays: weekend days that are worked.
    """

    holidays: frozenset[date]
    workdays: frozenset[date]


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days are worked. A year in the rule file takes the place of what the library knows of it."""

    years: Mapping[int, YearRule] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """Whether offices work on that day.

        Raises:
            LedgerError: the year's holidays are not known.
        """
        rule = self.years.get(day.year)
        if rule is not None:
            return day in rule.workdays or (day.weekday() < 5 and day not in rule.holidays)
        import chinese_calendar

        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError as fault:
            raise LedgerError(
                Words(f"不知道 {day.year} 年哪些天是工作日。", f"The working days of {day.year} are not known."),
                remedy=Words(
                    f"请按国务院办公厅的放假通知写一份日历文件：[{day.year}] holidays = […], workdays = […]。",
                    f"Write them into a calendar file from the State Council's notice: [{day.year}] holidays = […], workdays = […].",
                ),
            ) from fault

    def working_days(self, start: date, end: date) -> list[date]:
        """The working days from `start` to `end`, both included."""
        days = (start + timedelta(days=at) for at in range((end - start).days + 1))
        return [day for day in days if self.is_working(day)]

    def add_working_days(self, day: date, count: int) -> date:
        """The day on which `count` working days after `day` have passed; `day` itself is not counted."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_working(day)
        return day


def parse_calendar(text: str) -> WorkCalendar:
    """Read a rule file: a table for each year, `[2027]`, with `holidays` and `workdays`, each a list of days or of `first..last`.

    Raises:
        LedgerError: it is no TOML, or a line names no day of its year.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise LedgerError(
            Words(f"日历文件不是 TOML：{fault}。", f"The calendar is no TOML: {fault}."), remedy=Words("请改正这一行。", "Mend that line.")
        ) from fault
    out = {}
    for name, table in given.items():
        right = name.isdigit() and len(name) == 4 and isinstance(table, dict)
        unknown = [name] if not right else sorted(set(table) - {"holidays", "workdays"})
        if unknown:
            raise LedgerError(
                Words(f"日历文件里的“{unknown[0]}”不认识。", f"The calendar has “{unknown[0]}”, which is not known."),
                remedy=Words(
                    "请每年写一张表，如 [2027]，下面写 holidays 和 workdays。",
                    "Write a table for each year, [2027], with holidays and workdays.",
                ),
            )
        out[int(name)] = YearRule(*(_days_of(int(name), table.get(key, [])) for key in ("holidays", "workdays")))
    return WorkCalendar(out)


def _days_of(year: int, listed: object) -> frozenset[date]:
    out: set[date] = set()
    for one in listed if isinstance(listed, list) else [listed]:
        first, _, last = str(one).partition("..")
        try:
            start, end = date.fromisoformat(first.strip()), date.fromisoformat((last or first).strip())
        except ValueError:
            start, end = date.max, date.min
        if not (start <= end and start.year == end.year == year):
            example = f'"{year}-10-01"', f'"{year}-10-01..{year}-10-07"'
            raise LedgerError(
                Words(f"日历文件里的“{one}”不是 {year} 年的日子。", f"“{one}” is no day of {year} in the calendar."),
                remedy=Words(f"请写成 {example[0]} 或 {example[1]}。", f"Write {example[0]} or {example[1]}."),
            )
        out |= {start + timedelta(days=at) for at in range((end - start).days + 1)}
    return frozenset(out)
