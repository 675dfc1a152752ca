"""Water transfer 调水: volumes delivered against the plan, month by month and for the year.

Source: none needed; a meter's volume against the plan's. A month without a volume delivered counts as nothing for the lower bound;
its plan stays.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sizhang.calculators.form.account import Refusal, refuse_rows
from sizhang.calculators.form.calculator import Calculator, Options, Sample, Setting
from sizhang.calculators.form.judging import choose_year, judge_between
from sizhang.calculators.form.result import Coverage, Result, Standard, Trace, Value, Verdict
from sizhang.calculators.form.rounding import HALF_EVEN, share_pct
from sizhang.calculators.form.schema import Column, Schema
from sizhang.charts.spec import Line, Lines

if TYPE_CHECKING:
    from sizhang.calculators.form.inputs import Checked

MONTHS = Schema(
    "months",
    "调水月报 Monthly transfers",
    (
        Column("work", "text", "调水工程 Work"),
        Column("month", "date", "月份（某日） A day of the month"),
        Column("planned_m3", "number", "计划 Planned, m³", low=0, high=100_000_000_000),
        Column("delivered_m3", "number", "实际 Delivered, m³", required=False, low=0, high=100_000_000_000),
        Column("metered", "text", "有计量 Metered", choices=("是", "否")),
    ),
    ("work", "month"),
)


def compute_transfer(data: Mapping[str, Checked], options: Options) -> Result:
    """Delivered over planned in a year."""
    checked = data["months"]
    year = choose_year(options, checked, "month")
    rows = [row for row in checked.rows() if row["month"].year == year]
    unmetered = [row for row in rows if row["metered"] == "否" and row["delivered_m3"] is not None]
    account = refuse_rows(checked, [Refusal(row, f"{row['work']} {row['month']}", "not metered", "delivered_m3") for row in unmetered])
    delivered = sum((delivered_of(row) or Decimal(0) for row in rows), Decimal(0))
    planned = sum((row["planned_m3"] for row in rows), Decimal(0))
    works = sorted({row["work"] for row in rows})
    share, known = share_pct(delivered, planned), sum(delivered_of(row) is not None for row in rows)
    table = tuple((row["work"], row["month"].strftime("%Y-%m"), row["planned_m3"], delivered_of(row)) for row in rows)
    return Result(
        calculator="water_transfer",
        title=f"{year} 年调水 Water transfer",
        values=(
            Value("delivered_share_pct", "完成比例 Delivered of planned", share, "%", delivered, planned, "m³", HALF_EVEN),
            Value("delivered_m3", "实际调水 Delivered", delivered, "m³"),
            Value("planned_m3", "计划调水 Planned", planned, "m³"),
            Value("short_m3", "欠调 Short of the plan", max(planned - delivered, Decimal(0)), "m³"),
        ),
        coverage=(account.coverage("月报 rows"), Coverage("工程月 work-months", 12 * len(works), len(rows), known)),
        standards=(Standard("", "计划与计量 Plan and meters", "", "no standard is needed"),),
        verdict=judge_volume(rows, delivered, 12 * len(works), options),
        trace=(Trace("各工程 Works", ("工程 work", "计划 planned", "实际 delivered"), tuple(sum_work(work, rows) for work in works)),),
        notes=("没有计量的水量不算 A volume without a meter does not count.",),
        rejections=account.rejections,
        detail=(Trace("月份 Months", ("work", "month", "planned_m3", "delivered_m3"), table),),
        charts=(chart_year(rows, year),),
    )


def delivered_of(row: Mapping[str, Any]) -> Decimal | None:
    """A month's metered volume, None where there is none."""
    volume: Decimal | None = row["delivered_m3"]
    return volume if row["metered"] == "是" else None


def sum_work(work: str, rows: list[dict[str, Any]]) -> tuple[str, Decimal, Decimal]:
    """A work's volumes of the year."""
    own = [row for row in rows if row["work"] == work]
    return work, sum((r["planned_m3"] for r in own), Decimal(0)), sum((delivered_of(r) or Decimal(0) for r in own), Decimal(0))


def judge_volume(rows: list[dict[str, Any]], delivered: Decimal, months: int, options: Options) -> Verdict:
    """What was delivered can only grow by missing months: below the target with months missing there is no verdict."""
    verdict = judge_between(delivered if rows else None, delivered, options, target="delivered_m3_min", unit="m³")
    known = sum(delivered_of(row) is not None for row in rows)
    if verdict.outcome == "not met" and known < months:
        return Verdict("no verdict", f"{verdict.reason}; {months - known} 个月没有数 months without a volume")
    return verdict


def chart_year(rows: list[dict[str, Any]], year: int) -> Lines:
    """Plan and delivery summed up over the year; a month in which no work has a volume ends the line."""
    plan, done = [], []
    planned = delivered = Decimal(0)
    last = max((row["month"].month for row in rows if delivered_of(row) is not None), default=0)
    for month in range(1, 13):
        own = [row for row in rows if row["month"].month == month]
        planned += sum((row["planned_m3"] for row in own), Decimal(0))
        delivered += sum((delivered_of(row) or Decimal(0) for row in own), Decimal(0))
        plan.append(planned)
        done.append(delivered if month <= last else None)
    labels = tuple(f"{year}-{month:02}" for month in range(1, 13))
    lines = (Line("计划 planned", tuple(plan)), Line("实际 delivered", tuple(done)))
    return Lines("累计调水 Volumes summed up", "m³", labels, lines, f"计划 planned {planned} m³, 实际 delivered {delivered} m³")


def build_sample(seed: int) -> Sample:
    """Two works: one on plan, one at 90 %, with an unmetered month, a bad one and a doubled one."""
    source, lines = random.Random(seed), ["work,month,planned_m3,delivered_m3,metered"]  # noqa: S311 - invented data, not a secret
    planned = delivered = Decimal(0)
    for month in range(1, 13):
        plan = Decimal(source.randint(100, 900) * 10_000)
        lines += [f"东线,2023-{month:02}-01,{plan},{plan},是", f"西线,2023-{month:02}-01,{plan},{plan * 9 // 10},是"]
        planned, delivered = planned + 2 * plan, delivered + plan + plan * 9 // 10
    lines += ["南线,2023-01-01,0,500000,否", "南线,2023-02-01,0,很多,是", "南线,2023-03-01,,5,是", "南线,2023-04-01,0,-5,是"]
    truth: dict[str, Decimal | int | str | None] = {
        "delivered_share_pct": Decimal("95.0"),
        "delivered_m3": delivered,
        "planned_m3": planned,
        "short_m3": planned - delivered,
    }
    return Sample({"months.csv": "\n".join(lines) + "\n"}, truth, Options(year=2023))


CALCULATORS = (
    Calculator(
        name="water_transfer",
        title="调水量与计划 Water transferred against the plan",
        standards=(),
        inputs=(MONTHS,),
        compute=compute_transfer,
        sample=build_sample,
        settings=(Setting("delivered_m3_min", "调水量目标 Target volume, m³"),),
    ),
)
