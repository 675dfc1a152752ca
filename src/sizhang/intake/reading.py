"""Read a document: sections, commitments, their targets and attributes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from typing import Final

from sizhang.core.promise import DraftPromise, Target
from sizhang.intake.attributes import find_deadline, find_missing, get_kind, get_strength, is_covered_by
from sizhang.intake.contexts import Context, contexts_of
from sizhang.intake.document import Document
from sizhang.intake.features import domain_features, has_paragraphs
from sizhang.intake.quantities_zh import find_quantities_zh
from sizhang.intake.reflow import reflow
from sizhang.intake.result import Reading as Reading
from sizhang.intake.sections import find_year, place_paragraphs, sections_of
from sizhang.intake.tagging import Span, find_spans, get_tagger
from sizhang.intake.targets import targets_of

_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_LATIN: Final = re.compile(r"[A-Za-z]")
# Of a text this many characters tell its language; in an English one there are over fifty letters for each Chinese character.
_SAMPLE: Final = 20_000
_HAN_SHARE: Final = 50


def read_document(document: Document, year: int | None = None) -> Reading:
    """Read a report, Chinese or English.

    Args:
        document: the report's text.
        year: the report's own year, for deadlines; found in the text when not given.
    """
    if _is_english(document.text[:_SAMPLE]):
        from sizhang.intake.english import read_english

        return read_english(document, year)
    paragraphs = reflow(document.text)
    year = year or find_year(paragraphs)
    placed = place_paragraphs(paragraphs, year)
    sections = sections_of(placed, document.text.count("\n") + 1)
    spans = list(find_spans(contexts_of(placed), has_paragraphs(placed)))
    domains = _domains(spans)
    promises = [_promise(document, span, domain, year) for span, domain in zip(spans, domains, strict=True)]
    return Reading(document, year, tuple(sections), tuple(_spread_strength(promises, document.text)))


def add_promises(reading: Reading, spans: Iterable[tuple[Context, int, int]], confidence: float) -> Reading:
    """Add commitments that another reader found in a Chinese report; all but their place is found as for our own.

    Args:
        spans: for each its paragraph, and its start and end in the paragraph's text; they overlap no promise of `reading`.
        confidence: the probability, 0 to 1, that such a span is a commitment.
    """
    found = [Span(context, start, end, confidence) for context, start, end in spans]
    new = [_promise(reading.document, span, domain, reading.year) for span, domain in zip(found, _domains(found), strict=True)]
    promises = sorted((*reading.promises, *new), key=lambda promise: promise.start)
    return replace(reading, promises=tuple(_spread_strength(promises, reading.document.text)))


def _is_english(text: str) -> bool:
    """Whether a text has Latin letters and (almost) no Chinese character; a name or two in Chinese makes no Chinese report."""
    return len(_HAN.findall(text)) * _HAN_SHARE < len(_LATIN.findall(text))


def _spread_strength(promises: list[DraftPromise], text: str) -> list[DraftPromise]:
    out: list[DraftPromise] = []
    for promise in promises:
        if out and promise.strength == "plan" and 0 < promise.start - out[-1].end < 2:
            before = out[-1]
            if is_covered_by(promise.text, before.strength, text[before.end : promise.start]):
                promise = replace(promise, strength=before.strength)
        out.append(promise)
    return out


def _domains(spans: list[Span]) -> list[str]:
    if not spans:
        return []
    tagger = get_tagger("domains")
    out: list[str] = []
    for heading, group in groupby(spans, key=lambda span: span.context.heading):
        out += tagger.tag([domain_features(span.text, heading, span.context.lead) for span in group])
    return out


def _promise(document: Document, span: Span, domain: str, year: int | None) -> DraftPromise:
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
