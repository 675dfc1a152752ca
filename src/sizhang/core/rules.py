"""The rule book: what a city decides for itself within the ledger's laws, as a small TOML file.

It can narrow the laws and never widen them: who may do what by law stands in `core.ledger`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from sizhang.core.errors import LedgerError, Words
from sizhang.core.ledger import VERBS, Role, Verb

_DAYS_MAX: Final = 3_660
_MEGABYTES_MAX: Final = 10_000


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules in force.

    Attributes:
        claim_expires_days: days after which a claim that nobody verified goes back to promised; 1 to 3660.
        notice_days: days between a verification and the write-off, 0 to 3660, for others to object.
        claims_by_responsible_only: whether only the lead body of a promise, its supporters and the bodies below them may claim.
        level_needs_value: whether a level or a cap is verified only with the measured value.
        about_tolerance_pct: how far from “about 5 %” still is 5 %, in per cent of the number, 0 to 100.
        evidence_max_mb: the largest file of evidence, in millions of bytes.
        roles: for a verb the only roles that may do it, of those that the law allows.
    """

    claim_expires_days: int = 60
    notice_days: int = 0
    claims_by_responsible_only: bool = False
    level_needs_value: bool = False
    about_tolerance_pct: Decimal = Decimal(5)
    evidence_max_mb: int = 100
    roles: Mapping[Verb, frozenset[Role]] = field(default_factory=dict)

    def roles_of(self, verb: Verb) -> frozenset[Role]:
        """Who may do it; empty for what the ledger does by itself."""
        return self.roles.get(verb, VERBS[verb].roles)

    def last_day_to_verify(self, claimed_on: date) -> date:
        """The last day on which a claim still stands; it goes back on the day after."""
        return claimed_on + timedelta(days=self.claim_expires_days)


_LIMITS: Final = {"claim_expires_days": (1, _DAYS_MAX), "notice_days": (0, _DAYS_MAX), "evidence_max_mb": (1, _MEGABYTES_MAX)}


def parse_rules(text: str) -> RuleBook:
    """Read a rule book; what it leaves out keeps its default.

    Raises:
        LedgerError: it is no TOML, has a rule that is not known, a value outside its limits, or gives a verb to whom the law does not.
    """
    try:
        given = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as fault:
        raise LedgerError(
            Words(f"规则不是 TOML：{fault}。", f"The rule book is no TOML: {fault}."),
            remedy=Words("请改正这一行；写法见 docs/ledger.md。", "Mend that line; docs/ledger.md shows a rule book."),
        ) from fault
    known = [one.name for one in fields(RuleBook)]
    for name in given:
        if name not in known:
            raise LedgerError(
                Words(f"规则里的 {name} 不认识。", f"The rule book has the rule {name}, which is not known."),
                remedy=Words(f"可用的有：{'、'.join(known)}。", f"Use {', '.join(known)}."),
            )
    values: dict[str, Any] = {name: _value_of(name, value) for name, value in given.items() if name != "roles"}
    return RuleBook(**values, roles=_roles_of(given.get("roles", {})))


def _value_of(name: str, value: object) -> object:
    if name in _LIMITS:
        least, most = _LIMITS[name]
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise _wrong_value(name, value, Words(f"请填 {least} 至 {most} 的整数。", f"Give a whole number from {least} to {most}."))
        return value
    if name == "about_tolerance_pct":
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= Decimal(value) <= 100:
            raise _wrong_value(name, value, Words("请填 0 至 100 的数。", "Give a number from 0 to 100."))
        return Decimal(value)
    if not isinstance(value, bool):
        raise _wrong_value(name, value, Words("请写 true 或 false。", "Write true or false."))
    return value


def _wrong_value(name: str, value: object, remedy: Words) -> LedgerError:
    return LedgerError(Words(f"规则里 {name} 写的是 {value}。", f"{name} is {value!r} in the rule book."), remedy=remedy)


def _roles_of(given: object) -> dict[Verb, frozenset[Role]]:
    if not isinstance(given, dict):
        raise LedgerError(
            Words("规则里的 roles 不是一节。", "roles is no table in the rule book."),
            remedy=Words('请写 [roles]，下面每行如 settle = ["keeper"]。', 'Write [roles] and below it lines such as settle = ["keeper"].'),
        )
    out: dict[Verb, frozenset[Role]] = {}
    for verb, names in given.items():
        if verb not in VERBS or not VERBS[verb].roles:
            usual = [name for name, rule in VERBS.items() if rule.roles]
            raise LedgerError(
                Words(f"规则给 {verb} 定了角色，这一步不由人办。", f"The rule book gives roles to {verb}, which nobody books."),
                remedy=Words(f"可写的有：{'、'.join(usual)}。", f"Name one of {', '.join(usual)}."),
            )
        lawful = VERBS[verb].roles
        if not isinstance(names, list) or not names or not set(names) <= lawful:
            raise LedgerError(
                Words(
                    f"规则让 {names!r} 办{VERBS[verb].chinese}（{verb}）；账法只许 {'、'.join(sorted(lawful))}。",
                    f"The rule book lets {names!r} {verb} {VERBS[verb].chinese}; by law it is {', '.join(sorted(lawful))}.",
                ),
                remedy=Words("只能从这几个里选。", "Name some of these, and no others."),
            )
        out[verb] = frozenset(names)
    return out
