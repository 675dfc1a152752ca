"""Draft promises: what a report undertakes, before anybody has opened an account for it.

The words follow the labelling guide of the reading: a commitment has a kind, a domain, a strength, a deadline and targets.
All offsets count Unicode code points of the document's text from 0, the end exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

Kind = Literal["quantity", "milestone", "coverage", "action"]
Strength = Literal["ensure", "strive", "plan"]
Comparator = Literal[">=", ">", "<=", "<", "~", "range", "="]
Basis = Literal["amount", "level", "increase", "decrease"]

KINDS: Final[tuple[Kind, ...]] = ("quantity", "milestone", "coverage", "action")
STRENGTHS: Final[tuple[Strength, ...]] = ("ensure", "strive", "plan")
COMPARATORS: Final[tuple[Comparator, ...]] = (">=", ">", "<=", "<", "~", "range", "=")
BASES: Final[tuple[Basis, ...]] = ("amount", "level", "increase", "decrease")
DOMAINS: Final[tuple[str, ...]] = (
    "economy",
    "industry",
    "science",
    "reform",
    "rural",
    "urban",
    "ecology",
    "education",
    "health",
    "employment",
    "culture",
    "safety",
    "government",
)


@dataclass(frozen=True, slots=True)
class NumberFound:
    """A quantity found in a text: exact value, unit as written, comparator.

    Attributes:
        value: the number with its multipliers applied (6.64万 is 66400); the low end of a range.
        unit: the unit as written without the multiplier; empty where the text gives none.
        value_max: the high end of a range, else None.
    """

    start: int
    end: int
    text: str
    value: Decimal
    unit: str
    op: Comparator
    value_max: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """One number (or class) that a promise must reach; `start` and `end` are offsets in the document."""

    start: int
    end: int
    text: str
    value: Decimal
    unit: str
    op: Comparator
    basis: Basis
    object: str
    value_max: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DraftPromise:
    """One commitment of a report with the span of its own words.

    Attributes:
        deadline: `2026`, `2026-06`, `2026-09-21`; None where the text gives no other than the report's year.
        missing: what the promise lacks to be verifiable as it stands, of `number`, `unit`, `date`, `object`; empty when nothing.
        confidence: the reader's own probability in 0 to 1 that this span is a commitment.
    """

    start: int
    end: int
    text: str
    kind: Kind
    domain: str
    strength: Strength
    deadline: str | None
    targets: tuple[Target, ...]
    missing: tuple[str, ...]
    confidence: float
