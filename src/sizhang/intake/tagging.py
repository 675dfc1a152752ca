"""Find the commitments among the clauses of the plan, with a learned tagger and two rules it cannot learn from a few reports."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from sizhang.intake.clauses import VERBS_AFTER_COMMA
from sizhang.intake.contexts import Context, runs_of
from sizhang.intake.features import Unit, clause_features
from sizhang.intake.quantities_zh import find_quantities_zh
from sizhang.intake.targets import targets_of

# Where the two learned models lie; `tools/train_reading.py` writes them.
MODELS: Path = Path(__file__).with_name("models")

# Fitted by logistic regression to 3,650 tags of seven labelled texts, each read by a model that had not seen it.
CONFIDENCE_SLOPE: Final = 5.86
CONFIDENCE_OFFSET: Final = -2.64

_NO_SUBJECT: Final = re.compile(r"(?:比(?:去年|上年)|同比|增长|下降|合计)[^，]{0,14}[0-9]")
_ANY_DIGIT: Final = re.compile(r"[0-9]")
_UNDERTAKES: Final = re.compile(
    r"新建|新增|新培育|完成|建成|改造|培训|办好|实现|增长|下降|降低|减少|提高到|达到|控制在|稳定在|保持在|"
    r"建设|培育|打造|安排|发放|补贴|资助|加装|修复|治理|绿化|招募|引进|筹集|扩招"
)
# The first governs what follows the 、 as well; the second makes one noun of both sides.
_GOVERNS: Final = re.compile(r"引导|推动|支持|指导|鼓励|组织|帮助|使|让|发挥|推进|^(?:实施|健全|落实|制定|在|强化|切实)")
_ONE_THING: Final = re.compile(
    r"^(?:发展|规范|便利)|化$|等.{0,8}$|的.{2,6}(?:作用|意见|办法)$|(?:举措|工程|项目|办法|规划|教育|机制|突破|成果)$"
)
PREDICATE_LENGTH_MIN: Final = 5
_REPORTS: Final = re.compile(
    r"^(?:我国|我[省市区县]|全[国省市区]已|把|以|近|今年高校|充分|同心|按照|落实|上年|去年)|目标|考虑|意味着|相当于"
)


@dataclass(frozen=True, slots=True)
class Span:
    """A commitment before its attributes: offsets in the paragraph's text; `confidence` from 0 to 1."""

    context: Context
    start: int
    end: int
    confidence: float

    @property
    def text(self) -> str:
        return self.context.placed.paragraph.text[self.start : self.end]


@cache
def _model(name: str) -> bytes:
    return (MODELS / f"{name}.crfsuite").read_bytes()


@cache
def get_tagger(name: str) -> Any:
    """The tagger for `clauses` or `domains`."""
    import pycrfsuite

    tagger = pycrfsuite.Tagger()
    # The tagger keeps a pointer into these bytes and no reference to them: the cache keeps them alive.
    tagger.open_inmemory(_model(name))
    return tagger


def find_spans(contexts: list[Context], paragraphs: bool) -> Iterator[Span]:
    """Tag the clauses: B begins a commitment, I goes on with it, O is outside."""
    tagger = get_tagger("clauses")
    for run in runs_of(contexts):
        units = [unit for context in run for unit in context.units]
        owners = [context for context in run for _ in context.units]
        tags = tagger.tag(clause_features(units, paragraphs))
        tags = _promote(owners, units, split_parallels(units, join_figures(units, tags)))
        begin: int | None = None
        for index, tag in enumerate([*tags, "O"]):
            if begin is not None and (tag != "I" or owners[index] is not owners[begin]):
                yield Span(owners[begin], units[begin].start, units[index - 1].end, _confidence(1.0 - tagger.marginal("O", begin)))
                begin = None
            if tag == "B":
                begin = index


def _confidence(score: float) -> float:
    """Turn the tagger's score (0 to 1) into the share of such clauses that were commitments in texts it had not learned from."""
    score = min(max(score, 1e-9), 1 - 1e-9)
    return 1.0 / (1.0 + math.exp(-(CONFIDENCE_SLOPE * math.log(score / (1.0 - score)) + CONFIDENCE_OFFSET)))


def join_figures(units: list[Unit], tags: list[str]) -> list[str]:
    """“…2.8%，比去年高0.2个百分点” and “…23万亿元，增长6.5%” are one commitment with two targets: the second part has no subject."""
    out = list(tags)
    for index in range(1, len(units)):
        unit, before = units[index], units[index - 1]
        if not unit.opens and out[index - 1] != "O" and _NO_SUBJECT.match(unit.text) and _ANY_DIGIT.search(before.text):
            out[index] = "I"
    return out


def split_parallels(units: list[Unit], tags: list[str]) -> list[str]:
    """Two predicates joined by 、 are two commitments (“扩大覆盖面、提高标准”), unless one verb or one noun governs both."""
    out = list(tags)
    for index in range(1, len(units)):
        unit, before = units[index], units[index - 1].text
        if out[index] == "I" and unit.before == "、" and _is_predicate(before) and _is_predicate(unit.text) and not _GOVERNS.search(before):
            out[index] = "B"
    return out


def _is_predicate(text: str) -> bool:
    opens = any(text[at : at + 2] in VERBS_AFTER_COMMA for at in range(5))
    return opens and len(text) >= PREDICATE_LENGTH_MIN and not _ONE_THING.search(text)


def _promote(owners: list[Context], units: list[Unit], tags: list[str]) -> list[str]:
    """A clause that undertakes something and names its number is a commitment whatever the tagger thinks; its confidence stays low."""
    out = list(tags)
    for index, (owner, unit) in enumerate(zip(owners, units, strict=True)):
        if out[index] != "O" or owner.heads or not _UNDERTAKES.search(unit.text) or _REPORTS.search(unit.text):
            continue
        text = owner.placed.paragraph.text[unit.start : unit.end]
        numbers = find_quantities_zh(text)
        if targets_of(text, numbers, [(n.start, n.end) for n in numbers]):
            out[index] = "B"
    return out
