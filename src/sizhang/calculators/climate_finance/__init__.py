"""Climate finance 气候投融资: a register of projects, what makes one count, and tCO₂e per yuan from stated methods."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any, Final

from sizhang.calculators.form.calculator import Calculator, Options, Sample
from sizhang.calculators.form.result import Coverage, Result, Standard, Trace, Value, Verdict
from sizhang.calculators.form.rounding import HALF_EVEN, round_half_even
from sizhang.calculators.form.schema import Column, Schema
from sizhang.charts.spec import Bar, Bars

if TYPE_CHECKING:
    from sizhang.calculators.form.inputs import Checked

_WAN: Final = 10_000

PROJECTS: Final = Schema(
    "projects",
    "项目台账 register of projects",
    (
        Column("project", "text", "项目代码 project's code of approval"),
        Column("name", "text", "名称 name"),
        Column("category", "text", "类别 category"),
        Column("approval", "text", "批复文号 document of approval", required=False),
        Column("method", "text", "减排核算方法 stated method of the reduction", required=False),
        Column("contract", "text", "融资合同号 contract of the finance", required=False),
        Column("signed_on", "date", "签约日 day of the contract", required=False),
        Column("finance_yuan", "number", "到位资金 finance received, yuan", decimals=2, low=0, high=10**13),
        Column("reduction_t", "number", "年减排量 reduction a year, tCO₂e", required=False, decimals=3, low=0, high=10**9),
    ),
    key=("project",),
)
CATALOGUE: Final = Schema(
    "catalogue",
    "支持目录 categories that are eligible",
    (Column("category", "text", "类别 category"), Column("document", "text", "文号 document")),
    key=("category",),
)


def find_obstacle(project: Mapping[str, Any], categories: set[str], year: int | None, contracts: Counter[str]) -> str:
    """The first reason why a project does not count; empty where it does."""
    if project["category"] not in categories:
        return "类别不在目录 category not in the catalogue"
    for column, reason in (("approval", "无批复 no approval"), ("contract", "无合同 no contract"), ("signed_on", "无签约日 no day")):
        if project[column] is None:
            return reason
    if contracts[project["contract"]] > 1:
        return "一份合同记给多个项目 one contract stands for several projects"
    if year is not None and project["signed_on"].year != year:
        return f"不在 {year} 年签约 not signed in {year}"
    if project["method"] is None or project["reduction_t"] is None:
        return "无减排方法或数量 no method or no amount of the reduction"
    return ""


def compute_finance(inputs: Mapping[str, Checked], options: Options) -> Result:
    """Eligible projects, their finance, and tCO₂e a year per 10,000 yuan."""
    projects, catalogue = inputs["projects"], inputs["catalogue"]
    categories = {row["category"] for row in catalogue.rows()}
    rows = projects.rows()
    contracts = Counter(row["contract"] for row in rows if row["contract"])
    obstacles = {row["project"]: find_obstacle(row, categories, options.year, contracts) for row in rows}
    good = [row for row in rows if not obstacles[row["project"]]]
    finance = sum((row["finance_yuan"] for row in good), Decimal(0))
    reduction = sum((row["reduction_t"] for row in good), Decimal(0))
    intensity = round_half_even(reduction * _WAN / finance, 3) if finance else None
    by_category: dict[str, Decimal] = defaultdict(Decimal)
    for row in good:
        by_category[row["category"]] += row["finance_yuan"]
    reasons = Counter(reason for reason in obstacles.values() if reason)
    refused = tuple((r["project"], r["name"], r["finance_yuan"], obstacles[r["project"]]) for r in rows if obstacles[r["project"]])
    bars = tuple(Bar(name, round_half_even(amount / _WAN, 0)) for name, amount in sorted(by_category.items(), key=lambda pair: -pair[1]))
    return Result(
        calculator="climate_finance",
        title="气候投融资 Climate finance" + (f" {options.year}" if options.year else ""),
        values=(
            Value("eligible", "合格项目 Eligible projects", len(good), "个 projects", len(good), len(rows), "个 projects"),
            Value("finance_yuan", "合格资金 Finance of eligible projects", finance, "元 yuan"),
            Value("reduction_t", "年减排量 Reduction a year", reduction, "tCO₂e"),
            Value(
                "t_per_wan_yuan", "每万元年减排量 Reduction a year per 10,000 yuan", intensity, "tCO₂e/万元", rounding=f"{HALF_EVEN}, 0.001"
            ),
        ),
        coverage=(
            Coverage("项目 projects", None, projects.present, len(good), {**projects.rejected, **reasons}),
            catalogue.coverage("目录 catalogue"),
        ),
        standards=(Standard("支持目录 catalogue of eligible projects", "由数据给出 given with the data", "table catalogue"),),
        verdict=Verdict(
            "no verdict",
            f"{len(good)} / {len(rows)} 个合格 eligible; 数值由承诺的目标判断 the figures are held against the promise's target.",
        ),
        trace=(Trace("不合格 Not eligible", ("项目 project", "名称 name", "资金 yuan", "原因 reason"), refused),),
        notes=(
            "减排量取自台账所述方法，本算法不另行估算。 Reductions are those of the register's stated methods; nothing is estimated here.",
        ),
        rejections=(*projects.rejections, *catalogue.rejections),
        charts=(Bars("合格资金按类别 Eligible finance by category", "万元", bars, "; ".join(f"{b.label}: {b.value} 万元" for b in bars)),),
    )


def make_sample(seed: int) -> Sample:
    """Forty projects; which of them lack something is drawn first. Faults: a sum that is no number, a code given to two projects."""
    random = Random(seed)  # noqa: S311 - data, no secret
    categories = ["风电光伏", "工业节能", "建筑节能", "甲烷回收"]
    lines, finance, reduction, eligible = [], Decimal(0), Decimal(0), 0
    heading = "project,name,category,approval,method,contract,signed_on,finance_yuan,reduction_t"
    for number in range(1, 41):
        lack = random.choice(["", "", "", "", "category", "approval", "method", "year"])
        yuan, tonnes = Decimal(random.randint(10**8, 10**10)).scaleb(-2), Decimal(random.randint(10**5, 10**7)).scaleb(-3)
        category = "煤化工" if lack == "category" else random.choice(categories)
        approval, method = ("" if lack == "approval" else f"批{number:03d}"), ("" if lack == "method" else "方法一")
        day = f"{2022 if lack == 'year' else 2023}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}"
        lines.append(f"XM{number:03d},项目{number},{category},{approval},{method},HT{number:03d},{day},{yuan},{tonnes}")
        if not lack:
            eligible, finance, reduction = eligible + 1, finance + yuan, reduction + tonnes
    lines += ["XM900,重号一,工业节能,批1,方法一,HT900,2023-01-01,1,1", "XM900,重号二,工业节能,批2,方法一,HT901,2023-01-01,2,2"]
    lines.append("XM901,数不清,工业节能,批3,方法一,HT902,2023-01-01,三千万,1")
    files = {"projects.csv": [heading, *lines], "catalogue.csv": ["category,document", *(f"{c},示例目录" for c in categories)]}
    truth: dict[str, Decimal | int | str | None] = {
        "eligible": eligible,
        "finance_yuan": finance,
        "reduction_t": reduction,
        "t_per_wan_yuan": round_half_even(reduction * _WAN / finance, 3),
    }
    return Sample({name: "\n".join(text) + "\n" for name, text in files.items()}, truth, Options(year=2023))


CALCULATORS = (
    Calculator(
        name="climate_finance",
        title="气候投融资 Climate finance: eligible projects and tCO₂e per yuan",
        standards=("支持目录 the catalogue of eligible categories, given with the data",),
        inputs=(PROJECTS, CATALOGUE),
        compute=compute_finance,
        sample=make_sample,
    ),
)
