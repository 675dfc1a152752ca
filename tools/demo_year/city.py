"""The city: its bodies, its counties, and the offices that book. No person has a name."""

from __future__ import annotations

from sizhang.app.body import add_body
from sizhang.app.person import add_person
from sizhang.store.connection import Store

CITY = "青禾市政府"
OFFICE = "督查室"
# Which department answers for a domain of the report.
DEPARTMENTS = {
    "economy": "发展和改革委员会",
    "industry": "工业和信息化局",
    "science": "科学技术局",
    "reform": "行政审批服务局",
    "rural": "农业农村局",
    "urban": "住房和城乡建设局",
    "ecology": "生态环境局",
    "education": "教育局",
    "health": "卫生健康委员会",
    "employment": "人力资源和社会保障局",
    "culture": "文化和旅游局",
    "safety": "应急管理局",
    "government": "政府办公室",
}
# Promises of one domain that another department answers for.
ELSEWHERE = {
    "林": "规划和自然资源局",
    "绿道": "规划和自然资源局",
    "口袋公园": "城市管理局",
    "公共厕所": "城市管理局",
    "路灯": "城市管理局",
    "停车": "城市管理局",
    "管网": "水务局",
    "调水": "水务局",
    "再生水": "水务局",
    "养老": "民政局",
    "敬老院": "民政局",
    "适老化": "民政局",
    "社区食堂": "民政局",
    "公交": "交通运输局",
    "农村公路": "交通运输局",
}
# Codes of an invented prefecture: no prefecture of the province has the number 99.
COUNTIES = {"阳禾县": "149921", "白石县": "149922", "月泉县": "149923", "北山区": "149902", "青河区": "149903", "南岭区": "149904"}
VERIFIERS = ("核查一组", "核查二组")
CHECKERS = "独立核查中心"
RECORDER = "督查室·建账"


def settle_city(store: Store) -> None:
    """Enter every body and the offices that book for it."""
    add_body(store, CITY)
    departments = sorted({*DEPARTMENTS.values(), *ELSEWHERE.values()})
    for department in (OFFICE, *departments):
        add_body(store, department, CITY)
    for county, code in COUNTIES.items():
        add_body(store, county, CITY, code)
    add_body(store, CHECKERS)
    add_person(store, RECORDER, OFFICE, ("recorder", "keeper"))
    for body in (*departments, *COUNTIES, CITY):
        add_person(store, reporter_of(body), body, ("reporter",))
    for verifier in VERIFIERS:
        add_person(store, verifier, CHECKERS, ("verifier",))


def reporter_of(body: str) -> str:
    """The office that claims for a body."""
    return f"{body}·填报"


def department_of(title: str, domain: str) -> str:
    """Who answers for a promise."""
    for word, department in ELSEWHERE.items():
        if word in title:
            return department
    return DEPARTMENTS.get(domain, CITY)
