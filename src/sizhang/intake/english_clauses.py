"""Cut the sentences of an English plan into clauses that each say one undertaking, and leave out what undertakes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from sizhang.intake.english_sections import Block


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Plain verbs of undertakings: behind a comma or "and" each of them opens a clause of its own.
_VERBS: Final = _words(
    """
    abolish accelerate achieve act add address adhere adjust adopt advance afforest allocate allow apply appropriate arrange
    assist attract audit avoid begin boost bring broaden build cancel carry clarify combat commence complete comply conduct
    conserve consolidate construct continue convert coordinate crack create cultivate curb cut decrease deepen delegate deliver
    deploy develop devote direct dismantle diversify eliminate enable encourage enforce enhance enlarge enrich ensure establish
    evaluate examine exempt expand explore extend facilitate finish follow formulate foster fulfill gather generate get give grant
    guard guide handle harmonize harness help hold implement improve include increase initiate innovate inspect install institute
    integrate intensify introduce invest investigate issue keep launch lay lessen let level leverage lift lower maintain make
    manage maximize meet merge minimize mobilize modernize modify move narrow nurture open oppose optimize organize overcome
    oversee participate pay perform phase popularize practice prepare preserve prevent prioritize proceed prohibit promote propel
    protect provide publicize punish purchase pursue push put raise rationalize rebuild rectify redouble reduce refine regulate
    reinforce relax remove renovate replace rescind resettle resolve respect restore restrict restructure resume retain revise
    revitalize safeguard save secure see set settle shape sharpen show shut simplify solve speed spend spread spur stabilize
    standardize start step stimulate stop straighten streamline strengthen strive subsidize supervise suspend sustain tackle take
    tap tighten train transform try turn unify update upgrade uphold urge use utilize widen work
    """
)
# These are nouns as often: they count as verbs only before a determiner.
_EITHER: Final = _words(
    """
    aid balance control design deal demand finance focus fund guarantee limit market place plan produce reform research reward
    share supply support target test trade trial transport treat trust
    """
)
_DETERMINED: Final = r"(?= (?:the|a|an|all|any|our|their|its|his|this|these|those|each|every|more|new|on|and \w+ the)\b)"
_NOUN_AFTER: Final = r"(?! (?:of|in|and|or|for|from|with|between|among)\b)"
_ADVERB: Final = (
    r"(?:(?:(?!early|only|family|supply|daily|elderly)[a-z]+ly|also|further|again|always|then|better|never|not|do everything(?= )|"
    r"(?:more|even more) [a-z]+ly|in a \w+ manner|to) ){0,2}"
)
_BASE: Final = (
    rf"{_ADVERB}(?:(?:{'|'.join(sorted(_VERBS, key=len, reverse=True))})\b(?!-){_NOUN_AFTER}|"
    rf"(?:{'|'.join(sorted(_EITHER))})\b{_DETERMINED})"
)
_GERUND: Final = (
    rf"{_ADVERB}(?!during|including|according|regarding|concerning|nothing|existing|ongoing|outstanding|housing|manufacturing|"
    rf"training|banking|building|living|working|breeding|planning|farming|mining|processing|funding|spending)[a-z]+ing\b{_NOUN_AFTER}"
)
_MODAL: Final = re.compile(r"\b(?:will|shall|must|should|ought to|needs? to|has to|have to|cannot|(?:is|are) to)\b|\b[Ll]et us\b|'ll\b")
_PLANNED: Final = re.compile(
    r"\b(?:plans?|aims?|intends?|hopes?|strives?|wish|wishes|proposes?|undertakes?|endeavou?rs?) to\b|"
    r"\b(?:is|are|been|have|has) (?:\w+ly )?(?:projected|projecting|forecast|forecasted|expected|set|targeted|targeting|"
    r"budgeted|allocating|earmarked|planned|scheduled|pledged)\b|"
    r"\b(?:target|goal|objective|aim)s?\b[^.]{0,80}\b(?:is|are)\b|\bin targeting\b|\b(?:from|in) this year's\b|\bplan "
    r"includes\b|\bThis consists of\b|\b[Pp]rojected\b[\w' ]* (?:consists|includes)\b"
)
_PAST: Final = re.compile(
    r"\b(?:was|were|had|rose|fell|grew|dropped|reached|exceeded|climbed|increased|decreased|declined|has (?:already )?(?:become|"
    r"been|grown|risen))\b"
)
_BACKGROUND: Final = re.compile(
    r"(?:[Tt]he )?(?:world|global|international|external|overseas) (?:economy|economic|market|environment|trade)|"
    r"(?:[Tt]his year,? )?(?:[Tt]here (?:will|may|must|should) be|[Tt]his (?:is|was)|[Ii]t (?:is|goes|should be (?:noted|pointed)))\b|"
    r"(?:As long as|In setting|This year, the number of college|We (?:are|believe|just)|All the|Obviously|Ultimately|"
    r"Fundamentally)\b|[Ww]e will definitely\b"
)
_STATES: Final = re.compile(r"(?:This year,? )?(?:[Tt]here|the number of college)\b|In setting\b")
_OUTCOME: Final = re.compile(
    r"\b(?:will|should) (?:also |further |definitely |certainly |surely )?(?:help|allow|enable|give|turn|mean|lead|contribute|"
    r"bring|be able|lay|make it|play)\b"
)
_FIGURE: Final = re.compile(r"\b(?!(?:19|20)\d\d\b)\d")
_PRINCIPLE: Final = re.compile(
    r"(?:we |they |you )?(?:will |must |should |need to |have to )?(?:\w+ly |always |also |continue to |never )*"
    r"(?:adhere to|uphold|hold high|follow the guid|bear in mind|keep in mind|remain|be (?:mindful|fully|prepared|aware|"
    r"responsible|confident|ready)|persist in|face|recognize|"
    r"realize|understand|regard|believe|stress|emphasize|remember|rally|unite|take [\w' ]{0,60} as (?:our|the|a)|lose sight|put "
    r"people first|liberate|"
    r"keep our heads|correctly judge|stay committed|be guided|act in accordance|work in accordance|combine|seek truth)",
    re.I,
)
_INTRODUCES: Final = re.compile(
    r":$|\bas follows\b|\b[Tt]he following\b|\b(?:two|three|four|five|six|seven|eight|nine|ten)\b (?:\w+ ){0,2}"
    r"(?:areas|tasks|measures|aspects|principles|steps|things|points|projects)\b(?: regarding [\w ]+| this year)?[.:]$"
)
_ORDINAL: Final = re.compile(
    r"(?:[-–—•*·]+\s*|\(?\d{1,2}[.)](?!\d)\s*|(?:First(?:ly)?|Second(?:ly)?|Third(?:ly)?|Fourth|Fifth|Sixth|Seventh|Eighth|"
    r"Ninth|Tenth|In addition|At the same time|Meanwhile|"
    r"Furthermore|Moreover|However|In particular|Finally|Also),\s*|(?:and|but|or|as well as) )+"
)
_SENTENCE_END: Final = re.compile(r"""(?<!\bNo)(?<!\bNos)(?<!\b[A-Z])(?<!\bMr)(?<!\bSt)[.!?](?!\d)["'”’)*]*\s*(?=["“'(*]*[A-Z\d]|$)""")
_BRACKETED: Final = re.compile(r"\([^()]*\)|\[[^\]]*\]|\([^()]*(?:\([^()]*\)[^()]*)*\)")
_QUOTED: Final = re.compile(r"“[^”]{0,120}”|\"[^\"]{0,120}\"")
_OWN_SUBJECT: Final = re.compile(
    r"(?P<mark>,? (?:and|but|while) |, )(?=(?:(?!\b(?:that|which|who|where|if|as|so|such|ensure|see)\b)[^,:;]){1,90}?\b(?:will|"
    r"must|should|need to|shall)\b)"
)
_CLAUSE: Final = re.compile(rf"(?P<mark>, (?:and |but )?| and )(?={_BASE})")
_CLAUSE_GERUND: Final = re.compile(rf"(?P<mark>, and |, | and )(?={_GERUND})")
_IMPERATIVE: Final = re.compile(rf"(?:to )?{_BASE}", re.I)
_STARTS_GERUND: Final = re.compile(r"[A-Za-z]+ing\b(?! (?:will|must|should|is|are)\b)")
_CATENATIVE: Final = re.compile(
    r"(?:need|needs|continue|continues|strive|work|plan|plans|aim|aims|begin|start|try|hard|faster|quickly|efforts|energy|have|"
    r"has|seek|helps?|wish|sure|everything possible|are|is|ought|in order|order)"
    r"(?: \w+ly)?$"
)
_PURPOSE: Final = re.compile(
    rf"(?P<before>[\w' ]{{0,24}})\b(?:to|so that|so as to|thus|thereby|in order to|that|which|who) (?={_ADVERB}[a-z])"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One undertaking: offsets in the block's text, and whether its own words say "will", "must" or the like."""

    start: int
    end: int
    firm: bool


def clauses_of(block: Block) -> Iterator[Clause]:
    """The undertakings of a block of the plan, in order and without overlap."""
    masked = _mask(block.text)
    for start, end in _sentences(masked):
        start = _begin(masked, start, end)
        if start < end and _undertakes(masked[start:end], block.listed):
            yield from _cut(masked, start, end, block.listed)


def _mask(text: str) -> str:
    """The text with notes in brackets and quoted names as letters that can be neither cut nor read; offsets stay."""
    hidden = _BRACKETED.sub(lambda found: "(" + "x" * (len(found.group()) - 2) + ")", text)
    return _QUOTED.sub(lambda found: '"' + "x" * (len(found.group()) - 2) + '"', hidden)


def hide_notes(text: str) -> str:
    """The text with what stands in brackets as spaces: a translator's note promises nothing; offsets stay."""
    return _BRACKETED.sub(lambda found: " " * len(found.group()), text)


def _sentences(masked: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _SENTENCE_END.finditer(masked):
        yield start, found.end()
        start = found.end()
    if start < len(masked):
        yield start, len(masked)


def _begin(masked: str, start: int, end: int) -> int:
    """Behind the numbering and the conjunction that open a clause."""
    while start < end and masked[start].isspace():
        start += 1
    opening = _ORDINAL.match(masked, start, end)
    return opening.end() if opening else start


def _undertakes(sentence: str, listed: bool) -> bool:
    """Whether a sentence says what will be done; what was, what is, and what only opens a list does not."""
    if _BACKGROUND.match(sentence):
        return bool(_MODAL.search(sentence[30:])) and bool(_FIGURE.search(sentence)) and not _STATES.match(sentence)
    body = sentence.rstrip()
    if _INTRODUCES.search(body) and not re.search(r": \S", body):
        return False
    if _MODAL.search(sentence) or _PLANNED.search(sentence):
        return True
    if listed or _IMPERATIVE.match(sentence):
        return not _PAST.search(sentence)
    return bool(re.search(r"\b(?:this year|will)\b", sentence) and _FIGURE.search(sentence)) and not _PAST.search(sentence)


def _cut(masked: str, start: int, end: int, listed: bool) -> Iterator[Clause]:
    """Cut one sentence at its semicolons, its clauses with a subject of their own, and its verbs in a row."""
    colon = re.search(r"(?:\bfollow\w*|targets|steps|goals)[^:;]*: ", masked[start:end])
    if colon:
        start += colon.end()
    marks = list(re.finditer(r";\s*", masked[start:end]))
    begins = [start, *(start + found.end() for found in marks)]
    ends = [*(start + found.start() for found in marks), end]
    for first, last in zip(begins, ends, strict=True):
        places = sorted({(first + a, first + b) for a, b in _joints(masked[first:last], listed or bool(colon))})
        cuts = [(first, first), *places, (last, last)]
        for (_, begin), (stop, _) in pairwise(cuts):
            begin = _begin(masked, begin, stop)
            stop = begin + len(masked[begin:stop].rstrip(" ,.;:!?=*"))
            clause = masked[begin:stop]
            if len(clause) > 8 and not (_PRINCIPLE.match(clause) and not _FIGURE.search(clause)) and not _is_outcome(clause):
                yield Clause(begin, stop, bool(_MODAL.search(clause)))


def _is_outcome(clause: str) -> bool:
    """Only a result that is hoped for: "which will help growth"."""
    return bool(_OUTCOME.search(clause)) and not _FIGURE.search(clause) and not re.match(r"(?:This year, )?[Ww]e ", clause)


def _joints(part: str, listed: bool) -> Iterator[tuple[int, int]]:
    """Where one undertaking ends and the next begins: the spans of the commas and conjunctions between them."""
    gerund = bool(_STARTS_GERUND.match(part.lstrip()))
    modal = _MODAL.search(part)
    since = 0
    pattern = _CLAUSE_GERUND if gerund and modal is None else _CLAUSE
    found = [(m.start(), m.end(), m["mark"], False) for m in pattern.finditer(part)]
    found += [(m.start(), m.end(), m["mark"], True) for m in _OWN_SUBJECT.finditer(part)]
    for start, end, mark, own in sorted(found):
        if start < since:
            continue
        before = part[since:start]
        if own:
            # A comma alone parts only what stands behind a whole clause: "This year, we will" is one.
            if not _MODAL.search(before) or (mark == ", " and not re.match(r"(?:we|and)\b", part[end:])):
                continue
        elif not gerund and (not _has_verb(before, listed) or _serves_purpose(before, mark)):
            continue
        yield start, end
        since = end


def _has_verb(before: str, listed: bool) -> bool:
    return bool(_MODAL.search(before) or _PLANNED.search(before) or _IMPERATIVE.match(before.lstrip()) or listed)


def _serves_purpose(before: str, mark: str) -> bool:
    """Whether the words before stand in a clause of purpose, whose verbs are no undertakings: "to promote trade and create jobs"."""
    found = list(_PURPOSE.finditer(before))
    last = found[-1] if found else None
    if last is None or _CATENATIVE.search(last["before"].rstrip()):
        return False
    # Behind a comma the row of main verbs goes on, unless the clause of purpose is just being listed.
    return mark == " and " or (not mark.startswith(", and") and len(before) - last.end() < 40 and "," not in before)
