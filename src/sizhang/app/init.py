"""`init`: make a ledger, or bring an older one to this version, with its own office and a rule book."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sizhang.app.booking import OFFICE
from sizhang.core.errors import InputError, Words, reason_of
from sizhang.core.rules import parse_rules
from sizhang.store.connection import Store, make_store
from sizhang.store.registers import add_body, add_person, add_rules, find_setting, put_setting

OFFICE_NAME = "账房"


@dataclass(frozen=True, slots=True)
class Made:
    """What `init` did.

    Attributes:
        office: the person who books where nobody is named.
        rules: SHA-256 of the rule book that was given, empty where none was.
        new: whether there was no ledger before.
    """

    office: str
    rules: str
    new: bool


def read_rules(path: Path) -> str:
    """The text of a rule book's file.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return path.read_text("utf-8-sig")
    except OSError as fault:
        reason = reason_of(fault)
        raise InputError(
            Words(f"规则读不了：{reason.zh}。", f"The rule book cannot be read: {reason.en}."),
            where=str(path),
            remedy=Words("请核对文件名。", "Check the file's name."),
        ) from fault
    except UnicodeDecodeError as fault:
        raise InputError(
            Words("规则不是 UTF-8 编码。", "The rule book is not UTF-8."),
            where=str(path),
            remedy=Words("请另存为 UTF-8 的 TOML 文件。", "Save it as a TOML file in UTF-8."),
        ) from fault


def init(url: str, rules: str | None = None) -> Made:
    """Make the ledger at `url`, a path or `postgresql://…`; on one that exists only what is missing is added.

    Args:
        rules: the text of a rule book, which from now on is in force.

    Raises:
        LedgerError: the rule book is faulty; then nothing is made.
        InputError: the place cannot hold a ledger.
    """
    if rules is not None:
        parse_rules(rules)
    with make_store(url) as store:
        return equip(store, rules)


def equip(store: Store, rules: str | None = None) -> Made:
    """Give a ledger its office and, where one is given, a rule book."""
    with store.writing():
        office = find_setting(store, OFFICE)
        if office is None:
            add_body(store, OFFICE_NAME, None, "")
            add_person(store, OFFICE_NAME, OFFICE_NAME, ("recorder", "keeper"))
            put_setting(store, OFFICE, OFFICE_NAME)
        digest = add_rules(store, rules) if rules is not None else ""
    return Made(office or OFFICE_NAME, digest, office is None)
