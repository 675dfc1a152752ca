"""The year that is judged, and a figure held against the target that the promise names."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from sizhang.calculators.form.calculator import Options
from sizhang.calculators.form.result import Outcome, Verdict
from sizhang.core.errors import InputError, Words

if TYPE_CHECKING:
    from sizhang.calculators.form.inputs import Checked


def choose_year(options: Options, checked: Checked, column: str) -> int:
    """The year that was asked for, else the only one of that column of days in the data.

    Raises:
        InputError: no year was asked for and the data have several or none.
    """
    if options.year is not None:
        return options.year
    found: list[int] = sorted(
        row[0] for row in checked.relation.aggregate(f'year("{column}")', f'year("{column}")').fetchall() if row[0] is not None
    )
    if len(found) == 1:
        return found[0]
    if not found:
        raise InputError(
            Words("没有一个有效行带日期，不知道评哪一年。", "No valid row has a date, so there is no year to judge."),
            remedy=Words("请改正日期，或用 --year 写出年份。", "Mend the dates, or name the year with --year."),
        )
    raise InputError(
        Words(f"数据里有几年：{'、'.join(map(str, found))}。", f"The data hold the years {', '.join(map(str, found))}."),
        remedy=Words(f"请选一年，如 --year {found[-1]}。", f"Choose one with --year {found[-1]}."),
    )


def judge_between(
    low: Decimal | None, high: Decimal | None, options: Options, *, target: str, unit: str = "%", at_least: bool = True
) -> Verdict:
    """Holds a figure against its target, whatever the missing data would have been.

    Args:
        low, high: the figure with everything missing counted against the promise, and for it; equal where nothing is missing.
        target: name of the setting that holds the target.
        at_least: the target is a floor, else a ceiling.
    """
    wanted = options.find_number(target)
    if low is None or high is None:
        return Verdict("no verdict", "数据不足，算不出这个数 The data allow no figure.")
    if wanted is None:
        return Verdict("no verdict", f"没有给出目标 No target was given: --set {target}=NUMBER.")
    sign = "≥" if at_least else "≤"
    shown = f"{low} {unit}" if low == high else f"{low} … {high} {unit} (缺数 data missing)"
    reason = f"{shown}; 目标 target {sign} {wanted} {unit}"
    met = (low >= wanted, high >= wanted) if at_least else (low <= wanted, high <= wanted)
    if met[0] != met[1]:
        return Verdict("no verdict", f"{reason}: 缺的数据会改变结论 what is missing could turn it")
    return Verdict("met" if met[0] else "not met", reason)


def join_verdicts(options: Options, verdicts: Mapping[str, Verdict]) -> Verdict:
    """One verdict of several targets: broken by one, met only by all that were given.

    Args:
        verdicts: each with the name of the setting that holds its target.
    """
    judged = [verdict for name, verdict in verdicts.items() if name in options.settings]
    if not judged:
        return Verdict("no verdict", f"没有给出目标 No target was given: {', '.join(f'--set {name}=NUMBER' for name in verdicts)}.")
    outcomes = [verdict.outcome for verdict in judged]
    outcome: Outcome = "not met" if "not met" in outcomes else "no verdict" if "no verdict" in outcomes else "met"
    return Verdict(outcome, "; ".join(verdict.reason for verdict in judged))
