"""Read a document: sections, commitments, their targets and attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from sizhang.core.promise import DraftPromise, Target
from sizhang.intake.attributes import find_deadline, find_missing, get_kind, get_strength, is_covered_by
from sizhang.intake.contexts import Context, contexts_of, runs_of
from sizhang.intake.document import Document
from sizhang.intake.features import Unit, clause_features, domain_features, has_paragraphs
from sizhang.intake.quantities_zh import find_quantities_zh
from sizhang.intake.reflow import reflow
from sizhang.intake.sections import Section, find_year, place_paragraphs, sections_of
from sizhang.intake.targets import targets_of

_NO_SUBJECT: Final = re.compile(r"(?:比(?:去年|上年)|同比|增长|下降|合计)[^，]{0,14}[0-9]")
_ANY_DIGIT: Final = re.compile(r"[0-9]")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the sections tile the lines, the promises stand in the order of the text."""

    document: Document
    year: int | None
    sections: tuple[Section, ...]
    promises: tuple[DraftPromise, ...]


@dataclass(frozen=True, slots=True)
class _Span:
    """A commitment before its attributes: offsets in the paragraph's text."""

    context: Context
    start: int
    end: int
    confidence: float

    @property
    def text(self) -> str:
        return self.context.placed.paragraph.text[self.start : self.end]


def read_document(document: Document, year: int | None = None) -> Reading:
    """Read a Chinese report.

    Args:
        document: the report's text.
        year: the report's own year, for deadlines; found in the text when not given.
    """
    paragraphs = reflow(document.text)
    year = year or find_year(paragraphs)
    placed = place_paragraphs(paragraphs, year)
    sections = sections_of(placed, document.text.count("\n") + 1)
    spans = list(_find_spans(contexts_of(placed), has_paragraphs(placed)))
    domains = _domains(spans)
    promises = [_promise(document, span, domain, year) for span, domain in zip(spans, domains, strict=True)]
    return Reading(document, year, tuple(sections), tuple(_spread_strength(promises, document.text)))


def _spread_strength(promises: list[DraftPromise], text: str) -> list[DraftPromise]:
    out: list[DraftPromise] = []
    for promise in promises:
        if out and promise.strength == "plan" and 0 < promise.start - out[-1].end < 2:
            before = out[-1]
            if is_covered_by(promise.text, before.strength, text[before.end : promise.start]):
                promise = replace(promise, strength=before.strength)
        out.append(promise)
    return out


# Where the two learned models lie; `tools/train_reading.py` writes them.
MODELS: Path = Path(__file__).with_name("models")


@cache
def _model(name: str) -> bytes:
    return (MODELS / f"{name}.crfsuite").read_bytes()


@cache
def _tagger(name: str) -> Any:
    import pycrfsuite

    tagger = pycrfsuite.Tagger()
    # The tagger keeps a pointer into these bytes and no reference to them: the cache keeps them alive.
    tagger.open_inmemory(_model(name))
    return tagger


def _find_spans(contexts: list[Context], paragraphs: bool) -> Iterator[_Span]:
    """Tag the clauses: B begins a commitment, I goes on with it, O is outside."""
    tagger = _tagger("clauses")
    for run in runs_of(contexts):
        units = [unit for context in run for unit in context.units]
        owners = [context for context in run for _ in context.units]
        tags = _join_figures(units, tagger.tag(clause_features(units, paragraphs)))
        begin: int | None = None
        for index, tag in enumerate([*tags, "O"]):
            if begin is not None and (tag != "I" or owners[index] is not owners[begin]):
                yield _Span(owners[begin], units[begin].start, units[index - 1].end, 1.0 - tagger.marginal("O", begin))
                begin = None
            if tag == "B":
                begin = index


def _join_figures(units: list[Unit], tags: list[str]) -> list[str]:
    """“…2.8%，比去年高0.2个百分点” and “…23万亿元，增长6.5%” are one commitment with two targets: the second part has no subject."""
    out = list(tags)
    for index in range(1, len(units)):
        unit, before = units[index], units[index - 1]
        if not unit.opens and out[index - 1] != "O" and _NO_SUBJECT.match(unit.text) and _ANY_DIGIT.search(before.text):
            out[index] = "I"
    return out


def _domains(spans: list[_Span]) -> list[str]:
    if not spans:
        return []
    tagger = _tagger("domains")
    out: list[str] = []
    for (heading, lead), group in groupby(spans, key=lambda span: (span.context.heading, span.context.lead)):
        out += tagger.tag([domain_features(span.text, heading, lead) for span in group])
    return out


def _promise(document: Document, span: _Span, domain: str, year: int | None) -> DraftPromise:
    paragraph = span.context.placed.paragraph
    text = span.text
    start, end = paragraph.span(span.start, span.end)
    numbers = find_quantities_zh(text)
    places = [paragraph.span(span.start + n.start, span.start + n.end) for n in numbers]
    targets = targets_of(text, numbers, [(a, b) for a, b in places])
    kind = get_kind(text, targets)
    deadline = find_deadline(text, year) or span.context.placed.horizon
    return DraftPromise(
        start,
        end,
        document.text[start:end],
        kind,
        domain,
        get_strength(text),
        deadline,
        tuple(_own_words(target, document) for target in targets),
        find_missing(kind, targets, deadline, year),
        round(span.confidence, 3),
    )


def _own_words(target: Target, document: Document) -> Target:
    """Give a target the document's own characters, line breaks of a column included."""
    return replace(target, text=document.text[target.start : target.end])
