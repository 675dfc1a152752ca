"""What the two learned models see: clauses of a paragraph, and commitments of a report. Training and reading share this file."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from sizhang.intake.clauses import split_clauses
from sizhang.intake.sections import Placed

# What numbers a clause without belonging to what it says.
_PREFIX: Final = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}是(?:要)?|[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}[，、]|"
    r"\d{1,2}[.．、](?!\d)|[①-⑳]|——|[-•·●▲◆]\s*|\*\*)"
)
_COUNT: Final = re.compile(r"[一二两三四五六七八九十百千万亿]+[个件项家所座条名人亩套]")
# Half-width marks read as full-width ones, and a digit as any digit: papers differ in the first, promises in the second.
_SAME: Final = str.maketrans(",;:!?0123456789０１２３４５６７８９", "，；：！？" + "0" * 20)
_SENTENCE_STOP: Final = frozenset("。；！？!?;")


SENTENCES_PER_PARAGRAPH_LEAST: Final = 2.0


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


def clause_features(units: list[Unit], paragraphs: bool) -> list[list[str]]:
    """For each clause of a run of paragraphs the names of what is true of it; `paragraphs` as `has_paragraphs` says."""
    return [_one_clause(units, index, paragraphs) for index in range(len(units))]


def _one_clause(units: list[Unit], index: int, paragraphs: bool) -> list[str]:
    unit = units[index]
    text = unit.text
    opens, closes = unit.opens, unit.closes
    shape = f"{opens:d}{closes:d}"
    first = f"{unit.before == '':d}" if paragraphs else "?"
    out = [
        "b",
        "h1" + text[:1],
        "h2" + text[:2],
        "h3" + text[:3],
        "h4" + text[:4],
        "t1" + text[-1:],
        "t2" + text[-2:],
        "t3" + text[-3:],
        f"n{min(len(text), 24) // 3}",
        f"n{min(len(text), 24) // 3}{shape}",
        "s" + unit.stop if unit.stop else "s。",
        "p" + unit.before if unit.before else "p。",
        f"o{shape}{unit.heading:d}",
        f"f{shape}{first}",
        f"h{shape}" + text[:2],
    ]
    if "0" in text or "%" in text or _COUNT.search(text):
        out += ["d", f"d{shape}"]
    out.extend([text[i : i + 2] for i in range(len(text) - 1)])
    if index:
        before = units[index - 1].text
        side = f"{opens:d}"
        out += [f"-h{side}" + before[:2], f"-t{side}" + before[-2:], f"-n{side}{min(len(before), 24) // 3}"]
    if opens and closes:
        out += _standing(units, index)
    if index + 1 < len(units):
        after = units[index + 1]
        side = f"{closes:d}"
        out += [
            f"+h{side}" + after.text[:2],
            f"+1{side}" + after.text[:1],
            f"+n{side}{min(len(after.text), 24) // 3}",
            f"+o{side}{after.closes:d}",
        ]
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
    return ["b", *[text[i : i + 2] for i in range(len(text) - 1)], *_place_features(heading, lead)]


@lru_cache(maxsize=64)
def _place_features(heading: str, lead: str) -> tuple[str, ...]:
    """The same for all commitments that follow each other under one heading."""
    return (*["H" + heading[i : i + 2] for i in range(len(heading) - 1)], *["L" + lead[i : i + 2] for i in range(len(lead) - 1)])
