"""What a reading gives back, whichever language the report is written in."""

from __future__ import annotations

from dataclasses import dataclass

from sizhang.core.promise import DraftPromise
from sizhang.intake.document import Document
from sizhang.intake.sections import Section


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the sections tile the lines, the promises stand in the order of the text."""

    document: Document
    year: int | None
    sections: tuple[Section, ...]
    promises: tuple[DraftPromise, ...]
