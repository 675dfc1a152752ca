"""From the numbers of a commitment to its targets: which of them must be reached, on what basis, and of what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sizhang.core.promise import Basis, NumberFound, Target

_RATE_UNIT: Final = frozenset({"%", "个百分点", "百分点", "％"})
_DECREASE: Final = re.compile(r"下降|降低|减少|压减|压缩|缩减|削减|减轻|减半|降幅|下调|精简")
_DECREASE_TO: Final = re.compile(r"(?:降|减|压|调)(?:低|少|减)?(?:至|到)")
_INCREASE: Final = re.compile(r"增长|增速|涨幅|上涨|提升幅度|提高(?!到|至)|增加|扩招|比(?:去年|上年)[^，]{0,8}(?:高|多|增)|同比|翻")
_RISE_TO: Final = re.compile(r"(?:增|提|升|涨|扩)(?:加|高|大|升)?(?:至|到)")
_LEVEL: Final = re.compile(
    r"率|占比|比重|比例|达到|突破|稳定在|保持在?|控制在|总量|总数|总额|规模|产量|产值|面积|预期寿命|水平|浓度|平均|断面|类$|能力|赤字|累计|总装机|保有量|在校生|份额|增加值|营收|成交额|收入|支出|零就业"
)
_AMOUNT_VERB: Final = re.compile(
    r"新(?:增|建|改|认定|培育|立项|型)?|建设|改造|完成|培训|培育|种植|营造|打造|实施|筹集|投资|新增|引进|招募|资助|开展|办好|推进|抓好|改扩建|建成|发放|帮扶|维修|加装|增加|组织|投入|安排"
)
_DESCRIBES: Final = re.compile(r"^(?:级|吨级|瓦级|以上的?(?:省级|大型|热值|规模|企业|项目|经营|人群|老年|工业|老人)|一档|岁|周年|大卡)")
# Counts of what a name already names: 八项规定, 两大产业集群, 三大污染源. An undertaking to make them is written in Arabic digits.
_NAMED_COUNT: Final = re.compile(r"^[一二两三四五六七八九十]{1,2}(?:大|项|个)$")
_REFERS: Final = re.compile(r"(?:聚焦|锚定|围绕|抓实|守护|利用好|坚持|贯彻|落实|发挥)[^，。、]{0,24}$")
_REFERRED: Final = re.compile(r"^(?:方面|路径|举措|规定|要求|积极性|任务清单)")
_OF_WHOM: Final = re.compile(
    r"^(?:(?:以上|及以上)(?:的)?(?:省级|大型|热值|规模|老年人|老人|人口|高层|特大)|(?:的)?(?:大型|热值|人口已)|"
    r"且[^，]{0,24}(?:主体|企业|人员))"
)
_TRIM_HEAD: Final = re.compile(
    r"^(?:今年|全年|全[省市区县]|我[省市区]|其中|力争|确保|争取|努力|推动|推进|实现|完成|加快|新建和?改造?提升?|新改扩建|新建|新增|新认定|新培育|培育|建设|打造|建成|实施|统筹|开展|抓好|办好|"
    r"全力|使(?!用)|将|对(?![外口])|为|再(?!生)|每年|资助|招募|筹集|提档升级|增加|安排|改扩建|改造|细分|布局|引进|全面|持续|要(?!素)|约(?!束)|同比|年均|总?投资|[一二三四五六七八九十]+是|和(?!谐)|、|，|及)+"
)
_TRIM_TAIL: Final = re.compile(
    r"(?:继续|分别|均|年均|同比|增长|下降|上涨|幅度|涨幅|增速|提高到?|降至|降低|减少|增加|保持在?|控制在|稳定在|达到|达|突破|超过|超|不少于|不低于|至少|完成|力争|再|要|将|拟|各|按|约|由|从|2\d{3}年|到|为|在|的)+$"
)


def targets_of(text: str, numbers: Sequence[NumberFound], spans: Sequence[tuple[int, int]]) -> tuple[Target, ...]:
    """Judge the numbers found in a commitment.

    Args:
        text: the commitment as it is read.
        numbers: what was found in `text`, in order.
        spans: for each number its span in the document.
    """
    if not numbers:
        return ()
    out: list[Target] = []
    last = 0
    for number, (start, end) in zip(numbers, spans, strict=True):
        if _describes(text, number, numbers) or _is_starting_point(text, number):
            continue
        before = text[last : number.start]
        after = text[number.end :]
        whole = text[: number.start]
        out.append(
            Target(
                start,
                end,
                number.text,
                number.value,
                number.unit,
                number.op,
                _basis(number, before, whole, after, out[-1].basis if out else None),
                _object(before, after, whole, out[-1].object if out else ""),
                number.value_max,
            )
        )
        last = number.end
    return tuple(out)


def _describes(text: str, number: NumberFound, numbers: Sequence[NumberFound]) -> bool:
    """Whether the number belongs to a name or says which things are meant, and is not itself to be reached."""
    before, after = text[: number.start], text[number.end :]
    if _DESCRIBES.match(after) or _OF_WHOM.match(after) or (number.unit == "岁" and after[:1] and number.op != "="):
        return True
    if _NAMED_COUNT.match(number.text) and (number.unit != "个" or _REFERRED.match(after)):
        return True
    if number.unit in {"个", "项", "条", "处", "大", "类", "座"} and number.op == "=":
        if _REFERRED.match(after) or _REFERS.search(before):
            return True
        # “11个能源重点领域项目投资突破2000亿元”: the count tells what the second number is about.
        following = next((other for other in numbers if other.start >= number.end), None)
        return (
            following is not None and bool(re.fullmatch(r"[^，、；]{4,24}", text[number.end : following.start])) and "元" in following.unit
        )
    return False


def _is_starting_point(text: str, number: NumberFound) -> bool:
    """The 50 % of “由50%提高到60%” and the 16 % of “现行16%的税率降至13%” are where one starts, not what is to be reached."""
    before, after = text[max(number.start - 6, 0) : number.start], text[number.end : number.end + 12]
    if re.match(r"(?:[^，、；]{0,8})(?:提高到|提高至|降到|降至|增加到|增至|提升到|提升至|压缩到|减至|扩大到|上升到)", after):
        return bool(re.search(r"由[^，]{0,6}$|从[^，]{0,10}$|现行$", before)) or "的税率" in after
    return False


def _basis(number: NumberFound, before: str, whole: str, after: str, previous: Basis | None) -> Basis:
    near = before[-14:] if before.strip("、，和及") else whole[-20:]
    if number.unit == "类" or number.text.startswith(("全", "零")) or number.text.endswith("清零"):
        return "level"
    if _DECREASE_TO.search(near) or _RISE_TO.search(near):
        return "level"
    if _DECREASE.search(near):
        return "decrease"
    if re.search(r"占|比重|比例", near) and number.unit in _RATE_UNIT:
        return "level"
    if number.unit in _RATE_UNIT or number.unit in {"倍", "番"}:
        if _INCREASE.search(near) or (previous == "increase" and not before.strip("、，和及")):
            return "increase"
        return "level"
    if re.search(r"比(?:去年|上年)[^，]{0,10}(?:增|多|高)|标准(?:提高|增加)$|扩招$", near):
        return "increase"
    if re.search(r"新增|新建|投资|改造|再增加|增加$", near) and not re.search(r"达到?$|累计|总", near[-4:] + number.text[:2]):
        return "amount"
    if _LEVEL.search(near) or number.text.startswith(("达到", "突破", "控制在", "稳定在", "保持")):
        return "level"
    return "amount"


def _object(before: str, after: str, whole: str, previous: str) -> str:
    """The shortest noun phrase that the text itself puts beside the number."""
    follows = re.match(r"[\u4e00-\u9fff“”A-Za-z、（）()]{2,30}", after)
    candidate = _TRIM_TAIL.sub("", _TRIM_HEAD.sub("", re.split(r"[，；]", before)[-1]))
    if len(candidate) >= 2:
        return candidate
    if follows:
        return _TRIM_TAIL.sub("", follows.group())
    if len(before.strip("、，和及")) < 2 and previous:
        return previous
    return _TRIM_TAIL.sub("", _TRIM_HEAD.sub("", whole)) or previous
