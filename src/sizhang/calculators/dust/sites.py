"""Graded control of construction sites 扬尘分级管控: the measures of each grade come from a rule file.

No published local standard was found that gives them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from random import Random
from typing import TYPE_CHECKING, Any, Final

from sizhang.calculators.form.calculator import Calculator, Options, Sample, Setting
from sizhang.calculators.form.result import Coverage, Result, Standard, Trace, Value, Verdict
from sizhang.calculators.form.rounding import HALF_EVEN, share_pct
from sizhang.calculators.form.schema import Column, Schema
from sizhang.charts.spec import Klass, Shares

if TYPE_CHECKING:
    from sizhang.calculators.form.inputs import Checked

SITES: Final = Schema(
    "sites",
    "工地台账 register of sites",
    (Column("site", "text", "工地 site"), Column("grade", "text", "等级 grade"), Column("county", "text", "县区 county", required=False)),
    key=("site",),
)
RULES: Final = Schema(
    "rules",
    "分级规则 measures that each grade must take",
    (Column("grade", "text", "等级 grade"), Column("measure", "text", "措施 measure"), Column("document", "text", "文号 document")),
    key=("grade", "measure"),
)
CHECKS: Final = Schema(
    "checks",
    "检查记录 checks",
    (
        Column("site", "text", "工地 site"),
        Column("measure", "text", "措施 measure"),
        Column("checked_on", "date", "检查日 day"),
        Column("found", "text", "结果 found", choices=("到位", "不到位")),
    ),
    key=("site", "measure", "checked_on"),
)
_STATES: Final = {
    "c": Klass("合规 compliant", "#1f7a54"),
    "f": Klass("不合规 failing", "#b3261e"),
    "u": Klass("未查全 not fully checked", "#b9b3a2"),
}


def judge_site(measures: set[str], latest: Mapping[str, str]) -> str:
    """`c` where the last check of every measure found it in place, `f` where one found it not, else `u`."""
    if any(latest.get(measure) == "不到位" for measure in measures):
        return "f"
    return "c" if measures and all(measure in latest for measure in measures) else "u"


def compute_sites(inputs: Mapping[str, Checked], options: Options) -> Result:
    """Compliance by grade: each site by the last check of each of its grade's measures."""
    rules, latest_of = _rules_of(inputs["rules"].rows()), _latest_checks(inputs["checks"].rows())
    sites = inputs["sites"].rows()
    states: dict[str, dict[str, int]] = {grade: dict.fromkeys(_STATES, 0) for grade in sorted({row["grade"] for row in sites})}
    found = []
    for row in sites:
        latest = latest_of.get(row["site"], {})
        state = judge_site(rules.get(row["grade"], set()), latest)
        states[row["grade"]][state] += 1
        failing = sorted(m for m in rules.get(row["grade"], set()) if latest.get(m) == "不到位")
        found.append((row["site"], row["grade"], row["county"] or "", _STATES[state].name, "、".join(failing)))
    good, judged = (sum(s[k] for s in states.values()) for k in ("c", "f"))
    unknown = len(sites) - good - judged
    coverage = [
        inputs["sites"].coverage("工地 sites"),
        inputs["checks"].coverage("检查 checks"),
        Coverage("查全的工地 sites fully judged", len(sites), len(sites), len(sites) - unknown),
    ]
    summary = "; ".join(f"{g}: {s['c']} of {sum(s.values())} compliant" for g, s in states.items())
    return Result(
        calculator="dust_sites",
        title="工地扬尘分级管控 Graded dust control of sites",
        values=_values(good, len(sites), states),
        coverage=tuple(coverage),
        standards=(
            Standard("规则文件 rule file", "由使用者给出 given by the user", "table rules", "no published local standard was found"),
        ),
        verdict=_verdict(good, judged, len(sites), options),
        trace=(Trace("不合规 Failing", ("工地 site", "等级", "县区", "状态", "不到位的措施"), tuple(r for r in found if r[4])),),
        rejections=(*inputs["sites"].rejections, *inputs["rules"].rejections, *inputs["checks"].rejections),
        detail=(Trace("全部工地 All sites", ("工地 site", "等级", "县区", "状态", "不到位的措施"), tuple(found)),),
        charts=(Shares("各级合规情况 Compliance by grade", "个 sites", states, _STATES, summary),),
    )


def _rules_of(rows: list[dict[str, Any]]) -> dict[str, set[str]]:
    rules: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        rules[row["grade"]].add(row["measure"])
    return rules


def _latest_checks(rows: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    """The finding of each site's last check of each measure."""
    latest: dict[str, dict[str, str]] = defaultdict(dict)
    for row in sorted(rows, key=lambda r: r["checked_on"]):
        latest[row["site"]][row["measure"]] = row["found"]
    return latest


def _values(good: int, sites: int, states: Mapping[str, Mapping[str, int]]) -> tuple[Value, ...]:
    rounding, of = f"{HALF_EVEN}, 0.1", "工地 sites"
    values = [Value("compliant_pct", "合规率 Compliance", share_pct(good, sites), "%", good, sites, of, rounding)]
    for grade, found in states.items():
        held, whole = found["c"], sum(found.values())
        title = f"{grade} 合规率 Compliance of grade {grade}"
        values.append(Value(f"compliant_{grade}_pct", title, share_pct(held, whole), "%", held, whole, of, rounding))
    return tuple(values)


def _verdict(good: int, failing: int, sites: int, options: Options) -> Verdict:
    wanted = options.find_number("target_pct")
    if wanted is None:
        return Verdict("no verdict", f"{good} / {sites} 合规 compliant; 未给目标 no target was given (--set target_pct=…).")
    if sites and good * 100 >= wanted * sites:
        return Verdict("met", f"{good} of {sites} sites are compliant, at least {wanted} %.")
    if sites and (sites - failing) * 100 >= wanted * sites:
        return Verdict("no verdict", f"{good} of {sites} are compliant; {sites - good - failing} are not fully checked and could decide.")
    return Verdict("not met", f"{good} of {sites} sites are compliant, below {wanted} %.")


def make_sample(seed: int) -> Sample:
    """Sixty sites in three grades, drawn first whether each complies. Faults: a word that is no finding, a site twice with two grades."""
    random = Random(seed)  # noqa: S311 - data, no secret
    measures = {"A": ["围挡", "冲洗", "覆盖", "喷淋", "在线监测"], "B": ["围挡", "冲洗", "覆盖"], "C": ["围挡", "覆盖"]}
    sites, checks, good = ["site,grade,county"], ["site,measure,checked_on,found"], 0
    for number in range(1, 61):
        grade, site = random.choice("ABC"), f"工地{number:03d}"
        sites.append(f"{site},{grade},{random.choice(('晋源区', '小店区', '清徐县'))}")
        failing = random.choice(measures[grade]) if random.random() < 0.25 else ""
        good += not failing
        for measure in measures[grade]:
            checks.append(f"{site},{measure},2023-03-{random.randint(1, 28):02d},{random.choice(('到位', '不到位'))}")
            checks.append(f"{site},{measure},2023-06-{random.randint(1, 28):02d},{'不到位' if measure == failing else '到位'}")
    sites += ["工地900,A,晋源区", "工地900,B,晋源区"]
    checks.append("工地001,围挡,2023-07-01,差不多")
    rules = ["grade,measure,document", *(f"{g},{m},示例规则" for g, found in measures.items() for m in found)]
    files = {"sites.csv": sites, "rules.csv": rules, "checks.csv": checks}
    truth = {"compliant_pct": share_pct(good, 60)}
    return Sample({name: "\n".join(lines) + "\n" for name, lines in files.items()}, truth, Options(settings={"target_pct": "90"}))


DUST_SITES: Final[Calculator] = Calculator(
    name="dust_sites",
    title="工地扬尘分级管控 Graded dust control of construction sites by a rule file",
    standards=("规则文件 rule file of the city",),
    inputs=(SITES, RULES, CHECKS),
    compute=compute_sites,
    sample=make_sample,
    settings=(Setting("target_pct", "目标合规率 compliance that is wanted, %"),),
)
