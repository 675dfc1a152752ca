"""The account of a table's rows when a subject's own rules refuse some of those that the schema let through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sizhang.calculators.form.result import REJECTIONS_SHOWN_MAX, Coverage, Rejection

if TYPE_CHECKING:
    from sizhang.calculators.form.inputs import Checked


class Refusal(NamedTuple):
    """A valid row that a subject refuses.

    Attributes:
        row: the row as `Checked.rows` or `Checked.frame` gives it, with its file and line.
        text: what stood there.
        rule: the rule and, behind a colon, what was found; the part before the colon is counted.
        column: the column to blame, empty for the whole row.
    """

    row: Mapping[str, Any]
    text: str
    rule: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """Rows present, valid and rejected by the schema and the subject together."""

    present: int
    valid: int
    rejected: Mapping[str, int]
    rejections: tuple[Rejection, ...]

    def coverage(self, of: str, expected: int | None = None) -> Coverage:
        """The account as a result shows it."""
        return Coverage(of, expected, self.present, self.valid, self.rejected)


def refuse_rows(checked: Checked, refusals: Iterable[Refusal]) -> Account:
    """Adds the subject's refusals, in the files' order, to the schema's."""
    found = sorted(
        (Rejection(checked.files[r.row["__file"]], int(r.row["__line"]), r.column, r.text[:80], r.rule) for r in refusals),
        key=lambda rejection: (rejection.file, rejection.line),
    )
    rejected = Counter(checked.rejected)
    rejected.update(rejection.rule.split(": ", 1)[0] for rejection in found)
    shown = (*checked.rejections, *found)[:REJECTIONS_SHOWN_MAX]
    return Account(checked.present, checked.valid - len(found), dict(sorted(rejected.items())), shown)
