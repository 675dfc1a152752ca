"""What the two learned models see: clauses of a paragraph, and commitments of a report. Training and reading share this file."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import repeat
from operator import add
from typing import Final, NamedTuple

from sizhang.intake.clauses import split_clauses
from sizhang.intake.sections import Placed

# What numbers a clause without belonging to what it says.
_PREFIX: Final = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}是(?:要)?|[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}[，、]|"
    r"\d{1,2}[.．、](?!\d)|[①-⑳]|——|[-•·●▲◆]\s*|\*\*)"
)
_COUNT: Final = re.compile(r"[一二两三四五六七八九十百千万亿]+[个件项家所座条名人亩套]")
_SIZES: Final = tuple(str(length // 3) for length in range(25))
# Half-width marks read as full-width ones, and a digit as any digit: papers differ in the first, promises in the second.
_SAME: Final = str.maketrans(",;:!?0123456789０１２３４５６７８９", "，；：！？" + "0" * 20)
_SENTENCE_STOP: Final = frozenset("。；！？!?;")


SENTENCES_PER_PARAGRAPH_LEAST: Final = 2.0
HEADING_SEEN: Final = 16
LEAD_SEEN: Final = 12


class Unit(NamedTuple):
    """One clause of a paragraph, trimmed of its numbering, with offsets in the paragraph's own text.

    Its words are normalised for comparing: full-width marks, every digit a zero.

    Attributes:
        stop: the mark that ends it; empty at the paragraph's end.
        before: the mark that ended the clause before it; empty at the paragraph's start.
        heading: whether its paragraph is a heading.
        opens: whether a sentence begins with it.
        closes: whether a sentence ends with it.
    """

    start: int
    end: int
    text: str
    stop: str
    before: str
    heading: bool
    opens: bool
    closes: bool


def units_of(placed: Placed, heading: bool) -> list[Unit]:
    """The clauses of a paragraph in order; `heading` where the paragraph serves as one."""
    text = placed.paragraph.text
    same = text.translate(_SAME)
    out: list[Unit] = []
    before = ""
    for clause in split_clauses(text, 0, len(text), 0):
        start = clause.start
        prefix = _PREFIX.match(text, start, clause.end)
        if prefix and prefix.end() < clause.end:
            start = prefix.end()
        stop = clause.stop.translate(_SAME)
        opens = before == "" or before in _SENTENCE_STOP
        closes = stop == "" or stop in _SENTENCE_STOP
        out.append(Unit(start, clause.end, same[start : clause.end], stop, before, heading, opens, closes))
        before = stop
    return out


def has_paragraphs(placed: list[Placed]) -> bool:
    """Whether the text's lines are paragraphs; a text with a line a sentence says nothing by where its lines begin."""
    bodies = [p.paragraph.text for p in placed if not p.heading and p.section != "other"]
    sentences = sum(text.count("。") + text.count("；") for text in bodies)
    return sentences >= SENTENCES_PER_PARAGRAPH_LEAST * max(len(bodies), 1)


class _Around(NamedTuple):
    """What the neighbours of a clause see of it: its first and last two characters, its size in threes up to 24, and where it stands."""

    head: str
    tail: str
    size: str
    opens: str
    closes: str


def clause_features(units: list[Unit], paragraphs: bool) -> list[list[str]]:
    """For each clause of a run of paragraphs the names of what is true of it; `paragraphs` as `has_paragraphs` says."""
    seen = [_Around(unit.text[:2], unit.text[-2:], _SIZES[min(len(unit.text), 24)], "01"[unit.opens], "01"[unit.closes]) for unit in units]
    out: list[list[str]] = []
    for index, unit in enumerate(units):
        features = _own_features(unit, seen[index], paragraphs)
        opens, closes = seen[index].opens, seen[index].closes
        if index:
            before = seen[index - 1]
            features += ("-h" + opens + before.head, "-t" + opens + before.tail, "-n" + opens + before.size)
        if unit.opens and unit.closes:
            features += _standing(units, index)
        if index + 1 < len(units):
            after = seen[index + 1]
            first = after.head[:1]
            features += ("+h" + closes + after.head, "+1" + closes + first, "+n" + closes + after.size, "+o" + closes + after.closes)
        out.append(features)
    return out


def _own_features(unit: Unit, seen: _Around, paragraphs: bool) -> list[str]:
    text = unit.text
    head, tail, size, opens, closes = seen
    shape = opens + closes
    out = [
        "any",
        "h1" + head[:1],
        "h2" + head,
        "t1" + tail[-1:],
        "t2" + tail,
        "n" + size,
        "n" + size + shape,
        "s" + (unit.stop or "。"),
        "p" + (unit.before or "。"),
        "o" + shape + "01"[unit.heading],
        "f" + shape + ("01"[unit.before == ""] if paragraphs else "?"),
        "h" + shape + head,
        "c" + str(text.count("的")),
    ]
    if "0" in text or "%" in text or _COUNT.search(text):
        out += ("num", "d" + shape)
    out += text
    out += map(add, text, text[1:])
    return out


def _standing(units: list[Unit], index: int) -> list[str]:
    """How a sentence of one clause stands: one that opens a subject shares words with what follows, which is a longer sentence."""
    text = units[index].text
    size = min(len(text), 18) // 3
    grams = {text[i : i + 2] for i in range(len(text) - 1)}
    behind = "".join([unit.text for unit in units[index + 1 : index + 6]])
    ahead = "".join([unit.text for unit in units[max(index - 5, 0) : index]])
    shared_behind = sum(gram in behind for gram in grams)
    shared_ahead = sum(gram in ahead for gram in grams)
    clauses = next((n for n, unit in enumerate(units[index + 1 :], start=1) if unit.closes), 0)
    out = [f"ov{min(shared_behind, 3)}", f"ovb{min(shared_ahead, 3)}", f"oab{min(shared_behind, 2)}{min(shared_ahead, 2)}"]
    out.append(f"nn{min(clauses, 4)}")
    if index + 1 < len(units):
        out.append(f"nx{units[index + 1].closes:d}{size}")
    if index:
        out.append(f"pv{units[index - 1].opens:d}{size}")
    return out


def domain_features(text: str, heading: str, lead: str) -> list[str]:
    """What tells the domain of a commitment: its own words, those of the heading over it, and of the sentence that opens its paragraph."""
    return ["any", *map(add, text, text[1:]), *_place_features(heading, lead)]


@lru_cache(maxsize=64)
def _place_features(heading: str, lead: str) -> tuple[str, ...]:
    """The same for all commitments that follow each other under one heading; a subject is named by how its heading begins."""
    heading, lead = heading[:HEADING_SEEN], lead[:LEAD_SEEN]
    return (*map(add, repeat("H"), map(add, heading, heading[1:])), *map(add, repeat("L"), map(add, lead, lead[1:])))
