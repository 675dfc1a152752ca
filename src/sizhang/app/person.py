"""`person add`: give somebody an office in the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from sizhang.core.errors import LedgerError, Words
from sizhang.core.ledger import Role
from sizhang.store.connection import Store
from sizhang.store.registers import ROLES, Person
from sizhang.store.registers import add_person as enter


def add_person(store: Store, name: str, body: str, roles: Sequence[Role]) -> Person:
    """Enter an office holder, by the office's name or a pseudonym; called again, it adds roles.

    Raises:
        LedgerError: no role or one that is not known; otherwise see `store.registers.add_person`.
    """
    unknown = [role for role in roles if role not in ROLES]
    if unknown or not roles:
        raise LedgerError(
            Words(f"没有“{unknown[0]}”这个角色。", f"{unknown[0]} is no role.")
            if unknown
            else Words(f"{name}没有角色，什么也办不了。", f"{name} has no role, and could do nothing."),
            remedy=Words(f"请给一个或几个：{'、'.join(ROLES)}。", f"Give one or more of {', '.join(ROLES)}."),
        )
    with store.writing():
        return enter(store, name, body, roles)
