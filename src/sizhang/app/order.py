"""What is asked of the ledger and what it answers: the same for the command line and the site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from sizhang.core.ledger import Balance, Stage, Verb


class NamedLot(NamedTuple):
    """A thing delivered, by its identity; `number` in the promise's unit, None where all lots of the order count the same."""

    identity: str
    number: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A booking that somebody asks for.

    Attributes:
        promise: its number, `2026-017`.
        number: how much, in `unit`; None for all that the lots count, or else all that stands where the verb takes from.
        unit: a unit that converts to the promise's; empty for the promise's own.
        by: who books; empty for the ledger's own office, where the verb lets it.
        body: for whom; empty for the person's body.
        on: the day it is about; None for today, or the day of the promise's last entry where that is later.
        text: the finding, the note or the deciding document.
        client_id: the sender's own identity of it; empty for a new one.
        lots: the things delivered, or the named members or stages.
        personal: whether the lots are people, whose identities are kept only under a keyed hash.
        evidence: files.
        measured: the measured value, in the unit of the promise's target; None where nothing was measured.
        base: the value of the year before, for an increase or decrease.
        surplus: an amendment upward for what was delivered beyond the promise.
    """

    promise: str
    number: Decimal | None = None
    unit: str = ""
    by: str = ""
    body: str = ""
    on: date | None = None
    text: str = ""
    client_id: str = ""
    lots: tuple[NamedLot, ...] = ()
    personal: bool = False
    evidence: tuple[Path, ...] = ()
    measured: Decimal | None = None
    base: Decimal | None = None
    surplus: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it was booked; `again` where it stood in the ledger already."""

    seq: int
    promise: str
    verb: Verb
    source: Stage
    target: Stage
    steps: int
    effective_on: date
    person: str
    body: str
    text: str
    client_id: str
    evidence: tuple[str, ...]
    lots: tuple[str, ...]
    surplus: bool
    hash: bytes
    again: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A promise with its balance after the booking."""

    promise: str
    title: str
    measure: str
    unit: str
    decimals: int
    body: str
    balance: Balance
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was booked, and how every promise concerned stands after it.

    Attributes:
        notes: what the one who booked should know.
    """

    lines: tuple[Line, ...]
    standings: tuple[Standing, ...]
    notes: tuple[str, ...] = ()

    @property
    def again(self) -> bool:
        """Whether nothing new was booked, since all of it stood in the ledger already."""
        return bool(self.lines) and all(line.again for line in self.lines)


def join_receipts(receipts: Sequence[Receipt]) -> Receipt:
    """Several receipts as one; of a promise that stands in several, the last standing."""
    standings = {one.promise: one for receipt in receipts for one in receipt.standings}
    return Receipt(
        tuple(line for receipt in receipts for line in receipt.lines),
        tuple(standings.values()),
        tuple(note for receipt in receipts for note in receipt.notes),
    )
