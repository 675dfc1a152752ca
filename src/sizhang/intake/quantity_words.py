"""The words of Chinese quantities: units, the nouns that small counts stand before, and what marks a time.

Kept apart from the finder so that a unit can be added without touching its logic. The strings are regular-expression pieces.
"""

from __future__ import annotations

import re
from typing import Final


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_UNITS: Final = _words(
    """
    个百分点 百分点 百分比 % ％ ‰ 平方公里 平方千米 平方米 立方米 公里 千米 厘米 毫米 米 公顷 万亩 亩 吨标准煤 吨标煤 吨
    千克 公斤 克 斤 千瓦时 千瓦 兆瓦 度 微克 毫克 标准箱 标箱 美元 欧元 日元 港元 元 人次 人口 人 名 位 户次 户 家 套
    间 个 件 项 条 座 处 所 部 台 辆 艘 架 列 支 批次 场 次 张 岁 天 倍 对 幅 种 类 组 届次 片 口 眼 株 棵 头
    只 羽 册 本 份 篇 门 床 款 宗 起 例 例次 点位 小时 分钟 公升 升 吉瓦 兆 比特 字节 多个 笔 盏 孔 块 根 道 把 颗
    枚 粒 杯 瓶 盒 箱 袋 包 班 标方 方 村 县 市 镇 乡 省 学位 床位 车次 班次 航次 航班 航线 TEU MW GW kW
    大卡 大 秒 秒钟 MWh kWh
    """
)
# After a Chinese numeral these are usually part of another word: 一方, 一度, 一本, 三门峡.
_NOT_AFTER_HAN: Final = _words("点位 大 项 省 市 县 镇 乡 村 方 度 位 道 把 头 口 块 本 起 点 班 片 门 秒")


def _choice(units: frozenset[str]) -> str:
    """One pattern that prefers the longer unit; equal lengths in a fixed order, so that every run compiles the same."""
    return "|".join(re.escape(unit) for unit in sorted(units, key=lambda unit: (-len(unit), unit)))


ALL_UNITS: Final = _choice(_UNITS)
HAN_UNITS: Final = _choice(_UNITS - _NOT_AFTER_HAN)
# 元/人·月, 立方米每秒: what a rate is counted per belongs to its unit.
UNIT: Final = (
    rf"(?:{ALL_UNITS})(?:[（(][间户人处个][)）])?(?:[/／·](?:{ALL_UNITS}|小时|天|年|日|月|秒|分钟)){{0,2}}"
    r"(?:每(?:秒|分钟|小时|千瓦时|平方米|立方米)(?!\s*[0-9]))?"
)
TIME: Final = r"年|月|日|号|时(?!代)|世纪|周(?!岁|边)|季度|点钟|分钟|小时|届|秒|级|后|五"
# 两个方面, 三个问题 are turns of speech; a small Chinese count is one only before a concrete noun.
CONCRETE: Final = (
    r"项目|园区|基地|中心|示范|工程|省|市(?!场)|县|法律|法规|草案|条例|文件|规划|社会组织|学校|医院|站|厂|村"
    r"|品牌|车间|实验室|集群|机场|枢纽|水库|公园|社区"
)
IDIOM_UNITS: Final = frozenset("个次类种对组条名人位件")
# 一成不变, 三成为, 两成果: 成 that goes on as another word is no tenth.
NOT_TENTHS: Final = "功立员果为本品长效就熟型绩套片批群不分交人家都色语事形份"
