"""Cut a text into the clauses from which commitments are made.

A clause ends at `，；。：！？`, at a line's end where the sentence ends with it, and at a `、` that joins two predicates. Nothing is cut
inside quotation marks, brackets or a number. Blank space at both ends is left outside.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

SENTENCE_END: Final = "。！？!?；;"
CLOSE: Final = {"“": "”", "（": "）", "(": ")", "《": "》", "「": "」", "『": "』", "【": "】", "〔": "〕"}
QUOTE_LENGTH_MAX: Final = 60

# Two-character verbs that open a predicate after `、`; a list of like objects does not begin with them.
VERBS_AFTER_COMMA: Final = frozenset(
    [
        "推动",
        "推进",
        "加强",
        "加快",
        "完善",
        "健全",
        "深化",
        "实施",
        "开展",
        "建设",
        "打造",
        "培育",
        "提升",
        "提高",
        "支持",
        "促进",
        "优化",
        "强化",
        "扩大",
        "落实",
        "建立",
        "构建",
        "发展",
        "做好",
        "抓好",
        "办好",
        "用好",
        "保障",
        "加大",
        "探索",
        "新建",
        "改造",
        "完成",
        "启动",
        "建成",
        "鼓励",
        "引导",
        "规范",
        "整治",
        "严格",
        "严厉",
        "坚决",
        "全面",
        "深入",
        "积极",
        "持续",
        "稳步",
        "有序",
        "大力",
        "统筹",
        "制定",
        "出台",
        "实现",
        "增加",
        "降低",
        "减少",
        "防范",
        "化解",
        "治理",
        "保护",
        "修复",
        "维护",
        "巩固",
        "拓展",
        "创建",
        "争取",
        "争创",
        "力争",
        "确保",
        "努力",
        "划转",
        "设立",
        "增设",
        "“三公”",
        "听取",
        "继续",
        "扎实",
        "切实",
        "着力",
        "进一",
        "营造",
        "发挥",
        "释放",
        "激发",
        "壮大",
        "布局",
        "招引",
        "引进",
        "盘活",
        "压减",
        "清理",
        "改善",
    ]
)

_BREAK = re.compile(rf"[，；。：！？;!?\n“（(《「『【〔]|[,:](?!(?<=[0-9][,:])[0-9])|、(?={'|'.join(sorted(VERBS_AFTER_COMMA))})")


class Clause(NamedTuple):
    """A clause's span, the mark that ends it, and where it stands.

    Attributes:
        stop: the character that ends the clause (`""` at the end of the text).
        line: the line it starts on, from 0.
    """

    start: int
    end: int
    stop: str
    line: int


def split_clauses(text: str, start: int, end: int, line: int) -> list[Clause]:
    """Cut `text[start:end]`, which begins on `line`, into clauses in order."""
    out: list[Clause] = []
    at = begin = start
    begin_line = line
    while True:
        found = _BREAK.search(text, at, end)
        if found is None:
            break
        at = found.end()
        mark = found.group()
        if mark in CLOSE:
            closed = text.find(CLOSE[mark], at, min(end, at + QUOTE_LENGTH_MAX))
            if closed >= 0:
                at = closed + 1
            continue
        _append(out, text, begin, found.start(), mark, begin_line)
        begin_line += mark == "\n"
        begin = at
    _append(out, text, begin, end, "", begin_line)
    return out


def _append(out: list[Clause], text: str, begin: int, end: int, stop: str, line: int) -> None:
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    if begin < end:
        out.append(Clause(begin, end, stop, line))
