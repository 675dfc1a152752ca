"""The ledger's laws: a promise is a quantity that moves one stage at a time and never disappears.

An entry moves one quantity from one stage to the next: one debit, one credit, one row. So for each promise all stages sum to zero at
every instant; no stage but `pledge` is ever negative; nothing skips a stage. Nothing is verified by whoever claimed it, and nothing is
written off that was not verified.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Final, Literal, NamedTuple

from sizhang.core.errors import LedgerError

Verb = Literal["open", "claim", "verify", "reject", "settle", "amend", "reopen", "expire"]
Role = Literal["recorder", "reporter", "verifier", "keeper"]


class Stage(IntEnum):
    """Where a quantity stands. `pledge` is the source of all that was promised: its balance is minus the rest."""

    PLEDGE = 0
    PROMISED = 1
    CLAIMED = 2
    VERIFIED = 3
    SETTLED = 4


STAGE_NAMES: Final = {
    Stage.PLEDGE: ("承诺", "pledge"),
    Stage.PROMISED: ("在账", "promised"),
    Stage.CLAIMED: ("已交", "claimed"),
    Stage.VERIFIED: ("已核", "verified"),
    Stage.SETTLED: ("已销", "settled"),
}


@dataclass(frozen=True, slots=True)
class VerbRule:
    """What a verb may do.

    Attributes:
        chinese: its name in the books.
        source: the stage that is debited.
        target: the stage that is credited.
        roles: who may do it; empty for what the ledger does by itself.
    """

    chinese: str
    source: Stage
    target: Stage
    roles: frozenset[Role]


VERBS: Final[dict[Verb, VerbRule]] = {
    "open": VerbRule("建账", Stage.PLEDGE, Stage.PROMISED, frozenset({"recorder", "keeper"})),
    "claim": VerbRule("交账", Stage.PROMISED, Stage.CLAIMED, frozenset({"reporter"})),
    "verify": VerbRule("核账", Stage.CLAIMED, Stage.VERIFIED, frozenset({"verifier"})),
    "reject": VerbRule("退账", Stage.CLAIMED, Stage.PROMISED, frozenset({"verifier"})),
    "settle": VerbRule("销账", Stage.VERIFIED, Stage.SETTLED, frozenset({"keeper"})),
    "amend": VerbRule("调账", Stage.PLEDGE, Stage.PROMISED, frozenset({"recorder", "keeper"})),
    "reopen": VerbRule("回账", Stage.SETTLED, Stage.PROMISED, frozenset({"verifier", "keeper"})),
    "expire": VerbRule("逾期退账", Stage.CLAIMED, Stage.PROMISED, frozenset()),
}


class Entry(NamedTuple):
    """One booking.

    Attributes:
        client_id: the sender's own identity of it: sent twice, it is booked once.
        promise: the number of the promise, `2026-017` or `2026-017.03`.
        steps: whole steps of the promise's unit, over 0.
        effective_on: the day it is about.
        recorded_at: the instant it was recorded, in UTC.
        person: who books it; empty for what the ledger does by itself.
        body: the organisation for which the person books.
        text: the finding, the note or the deciding document, as the verb needs it.
        surplus: an amendment upward for what was delivered beyond the promise.
        evidence: SHA-256 of each file of evidence, in hexadecimal.
        lots: the identities delivered, where the promise is counted by named things.
    """

    client_id: str
    promise: str
    verb: Verb
    source: Stage
    target: Stage
    steps: int
    effective_on: date
    recorded_at: datetime
    person: str
    body: str
    text: str = ""
    surplus: bool = False
    evidence: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()


class Balance(NamedTuple):
    """What stands at each stage but `pledge`, in steps; none is negative. `surplus` is what was amended upward as such."""

    promised: int = 0
    claimed: int = 0
    verified: int = 0
    settled: int = 0
    surplus: int = 0

    @property
    def pledge(self) -> int:
        """Minus all the rest, so that the stages sum to zero."""
        return -(self.promised + self.claimed + self.verified + self.settled)

    @property
    def owed(self) -> int:
        """What was promised and is not settled yet."""
        return self.promised + self.claimed + self.verified


def check_entry(entry: Entry) -> None:
    """Refuse an entry that breaks a law by itself, whatever the balances.

    Raises:
        LedgerError: its steps are not over 0, it skips a stage, or it lacks the document or finding that its verb needs.
    """
    rule = VERBS[entry.verb]
    way = (entry.source, entry.target)
    ways = {(rule.source, rule.target)} | ({(rule.target, rule.source)} if entry.verb == "amend" else set())
    if way not in ways:
        raise LedgerError(
            f"{entry.verb} {rule.chinese} moves {rule.source.name.lower()} to {rule.target.name.lower()}, "
            f"not {entry.source.name.lower()} to {entry.target.name.lower()}.",
            where=entry.promise,
            remedy="Book each stage by its own verb.",
        )
    if entry.steps <= 0:
        raise LedgerError(f"{entry.verb} of {entry.steps} steps moves nothing.", where=entry.promise, remedy="Give a number over 0.")
    if entry.verb in ("amend", "reopen", "reject", "verify") and not entry.text.strip():
        needed = "the deciding document" if entry.verb == "amend" else "the finding"
        raise LedgerError(f"{entry.verb} {rule.chinese} without {needed}.", where=entry.promise, remedy=f"Name {needed}.")
    if entry.surplus and (entry.verb != "amend" or entry.target != Stage.PROMISED):
        raise LedgerError("Only an amendment upward can be surplus.", where=entry.promise, remedy="Leave the mark out, or amend upward.")


def book(balance: Balance, entry: Entry) -> Balance:
    """The balance after an entry that `check_entry` let pass.

    Raises:
        LedgerError: the stage it takes from holds less.
    """
    stages = [balance.pledge, balance.promised, balance.claimed, balance.verified, balance.settled]
    held = stages[entry.source]
    stage = entry.source.name.lower()
    if entry.source != Stage.PLEDGE and held < entry.steps:
        raise LedgerError(
            f"{entry.verb} {VERBS[entry.verb].chinese} takes {entry.steps} steps from {stage}, which holds {held}.",
            where=entry.promise,
            remedy=f"Book at most {held} steps." if held else f"Nothing stands at {stage}: book the step before it first.",
        )
    stages[entry.source] -= entry.steps
    stages[entry.target] += entry.steps
    assert sum(stages) == 0, stages
    assert min(stages[1:]) >= 0, stages
    _, promised, claimed, verified, settled = stages
    return Balance(promised, claimed, verified, settled, balance.surplus + (entry.steps if entry.surplus else 0))


def check_independent(entry: Entry, claimants: frozenset[str], claiming_bodies: frozenset[str]) -> None:
    """Nobody checks what he, or his body, has claimed.

    Args:
        claimants: everybody who has claimed on this promise.
        claiming_bodies: the bodies for which they claimed.

    Raises:
        LedgerError: the person or the body of a `verify`, `reject` or `settle` is one of them.
    """
    if entry.verb not in ("verify", "reject", "settle"):
        return
    if entry.person in claimants:
        raise LedgerError(f"{entry.person} has claimed on this promise.", where=entry.promise, remedy="Let another person check it.")
    if entry.verb != "settle" and entry.body in claiming_bodies:
        raise LedgerError(
            f"{entry.body} has claimed on this promise, so it cannot check itself.",
            where=entry.promise,
            remedy="Let a verifier of another body check it.",
        )


def check_role(entry: Entry, roles: frozenset[Role]) -> None:
    """Refuse a verb to whom it does not belong.

    Raises:
        LedgerError: none of the person's roles may do it.
    """
    rule = VERBS[entry.verb]
    if rule.roles and not rule.roles & roles:
        raise LedgerError(
            f"{entry.person} may not {entry.verb} {rule.chinese}: the roles are {', '.join(sorted(roles)) or 'none'}.",
            where=entry.promise,
            remedy=f"Let a {' or '.join(sorted(rule.roles))} do it.",
        )
