"""The ledger's laws: a promise is a quantity that moves one stage at a time and never disappears.

An entry moves one quantity from one stage to the next: one debit, one credit, one row. So for each promise all stages sum to zero at
every instant; no stage but `pledge` is ever negative; nothing skips a stage. Nothing is verified by whoever claimed it, and nothing is
written off that was not verified.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import IntEnum
from typing import Final, Literal, NamedTuple

from sizhang.core.errors import GIVE_OVER_ZERO, LedgerError, Words

Verb = Literal["open", "claim", "verify", "reject", "settle", "amend", "reopen", "expire"]
Role = Literal["recorder", "reporter", "verifier", "keeper"]
# The instant of an entry that was not recorded yet: the store sets it.
UNRECORDED: Final = datetime(1970, 1, 1, tzinfo=UTC)

ROLE_NAMES: Final[dict[Role, str]] = {"recorder": "建账员", "reporter": "报送人", "verifier": "核查人", "keeper": "管账人"}


class Stage(IntEnum):
    """Where a quantity stands. `pledge` is the source of all that was promised: its balance is minus the rest."""

    PLEDGE = 0
    PROMISED = 1
    CLAIMED = 2
    VERIFIED = 3
    SETTLED = 4


STAGE_NAMES: Final[dict[Stage, Words]] = {
    Stage.PLEDGE: Words("承诺", "pledge"),
    Stage.PROMISED: Words("在账", "promised"),
    Stage.CLAIMED: Words("已交", "claimed"),
    Stage.VERIFIED: Words("已核", "verified"),
    Stage.SETTLED: Words("已销", "settled"),
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


def too_much_taken(entry: Entry, held: int, shown: Callable[[int], Words]) -> LedgerError:
    """An entry takes more than its stage holds.

    Args:
        held: what the stage holds, in steps.
        shown: says a number of steps with its unit.
    """
    verb, chinese, stage = entry.verb, VERBS[entry.verb].chinese, STAGE_NAMES[entry.source]
    taken, rest = shown(entry.steps), shown(held)
    return LedgerError(
        Words(
            f"要{chinese} {taken.zh}，“{stage.zh}”只有 {rest.zh}。",
            f"{verb} {chinese} takes {taken.en} from {stage.en}, which holds {rest.en}.",
        ),
        where=entry.promise,
        remedy=Words(f"最多{chinese} {rest.zh}。", f"Book at most {rest.en}.")
        if held
        else Words(f"要有“{stage.zh}”的数，请先办它前面的一步。", f"Nothing stands at {stage.en}: book the step before it first."),
    )


def role_refused(verb: Verb, person: str, roles: Iterable[Role], allowed: Iterable[Role], where: str) -> LedgerError:
    """Somebody may not book a verb: the roles that he has, and those that may."""
    chinese = VERBS[verb].chinese
    return LedgerError(
        Words(
            f"{person}不能{chinese}：角色是{_roles_in_chinese(roles, '、') or '无'}。",
            f"{person} may not {verb} {chinese}: the roles are {', '.join(sorted(roles)) or 'none'}.",
        ),
        where=where,
        remedy=Words(f"请由{_roles_in_chinese(allowed, '或')}办。", f"Let a {' or '.join(sorted(allowed))} do it."),
    )


def _roles_in_chinese(roles: Iterable[Role], between: str) -> str:
    return between.join(ROLE_NAMES[role] for role in sorted(roles))


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
            Words(
                f"{rule.chinese}只能从“{STAGE_NAMES[rule.source].zh}”转到“{STAGE_NAMES[rule.target].zh}”，"
                f"不能从“{STAGE_NAMES[entry.source].zh}”转到“{STAGE_NAMES[entry.target].zh}”。",
                f"{entry.verb} {rule.chinese} moves {rule.source.name.lower()} to {rule.target.name.lower()}, "
                f"not {entry.source.name.lower()} to {entry.target.name.lower()}.",
            ),
            where=entry.promise,
            remedy=Words("各环节请用各自的动作办。", "Book each stage by its own verb."),
        )
    if entry.steps <= 0:
        raise LedgerError(
            Words(f"{rule.chinese} {entry.steps} 步，等于没有记。", f"{entry.verb} of {entry.steps} steps moves nothing."),
            where=entry.promise,
            remedy=GIVE_OVER_ZERO,
        )
    if entry.verb in ("amend", "reopen", "reject", "verify") and not entry.text.strip():
        needed = Words("决定的文件", "the deciding document") if entry.verb == "amend" else Words("核查结论", "the finding")
        raise LedgerError(
            Words(f"{rule.chinese}没有写{needed.zh}。", f"{entry.verb} {rule.chinese} without {needed.en}."),
            where=entry.promise,
            remedy=Words(f"请写明{needed.zh}。", f"Name {needed.en}."),
        )
    if entry.surplus and (entry.verb != "amend" or entry.target != Stage.PROMISED):
        raise LedgerError(
            Words("只有调增才能记为超额。", "Only an amendment upward can be surplus."),
            where=entry.promise,
            remedy=Words("请去掉超额标记，或改为调增。", "Leave the mark out, or amend upward."),
        )


def book(balance: Balance, entry: Entry) -> Balance:
    """The balance after an entry that `check_entry` let pass.

    Raises:
        LedgerError: the stage it takes from holds less.
    """
    stages = [balance.pledge, balance.promised, balance.claimed, balance.verified, balance.settled]
    held = stages[entry.source]
    if entry.source != Stage.PLEDGE and held < entry.steps:
        raise too_much_taken(entry, held, lambda steps: Words(f"{steps} 步", f"{steps} steps"))
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
        raise LedgerError(
            Words(f"这条承诺{entry.person}交过账。", f"{entry.person} has claimed on this promise."),
            where=entry.promise,
            remedy=Words("请由别人核账、销账。", "Let another person check it."),
        )
    if entry.verb != "settle" and entry.body in claiming_bodies:
        raise LedgerError(
            Words(
                f"这条承诺{entry.body}交过账，不能自己核自己。",
                f"{entry.body} has claimed on this promise, so it cannot check itself.",
            ),
            where=entry.promise,
            remedy=Words("请由其他单位的核查人核账。", "Let a verifier of another body check it."),
        )


def check_role(entry: Entry, roles: frozenset[Role]) -> None:
    """Refuse a verb to whom it does not belong.

    Raises:
        LedgerError: none of the person's roles may do it.
    """
    rule = VERBS[entry.verb]
    if rule.roles and not rule.roles & roles:
        raise role_refused(entry.verb, entry.person, roles, rule.roles, entry.promise)
