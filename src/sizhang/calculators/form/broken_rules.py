"""The rules that rows break, as people are told them; files keep the English, by which a program finds them."""

from __future__ import annotations

from typing import Final

# What stands before the colon of a rule, or the whole of it.
RULES: Final = {
    "missing": "缺值",
    "unreadable": "读不出",
    "unknown word": "不在可选的词之中",
    "out of range": "超出范围",
    "duplicate": "重复",
    "late": "迟到",
    "cells in the row": "格数不对",
    "not metered": "没有计量",
    "quality not met": "水质不达标",
    "no volume treated for that plant and month": "该厂该月没有处理水量",
    "no net weight": "没有净重",
    "neither flow nor level with its outlet": "没有流量，也没有水位和出流口高程",
    "no background in the same hour": "同一小时没有背景值",
    "no such source or observation": "没有这个排放源或观测",
    "own factor without its source": "自测因子没有出处",
    "no such factor": "没有这个排放因子",
    "the factor has no value here": "这个排放因子没有数值",
    "unit does not fit the factor": "计量单位与排放因子不合",
    "factor of another scope": "排放因子属于另一范围",
    "no limit in the standard": "标准中没有限值",
    "detection limit above screening": "检出限高于筛选值",
    "detection limit above class Ⅲ": "检出限高于Ⅲ类限值",
    "no survival rate": "没有成活率，只计核查过的",
    "outside China": "不在中国境内",
}


def show_rule(rule: str) -> str:
    """A rule in Chinese and English; one that is not known here as it stands."""
    chinese = RULES.get(rule.partition(": ")[0])
    return rule if chinese is None else f"{chinese} {rule}"
