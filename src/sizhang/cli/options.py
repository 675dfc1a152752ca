"""What the commands of the ledger have in common: which ledger, in which form to answer, and whether only to rehearse."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from sizhang.core.errors import WRITE_DAY, LedgerError, SizhangError, Words
from sizhang.core.period import check_day
from sizhang.core.quantity import parse_number

if TYPE_CHECKING:
    from sizhang.store.connection import Store

FORMATS = ("table", "json")
VARIABLE = "SIZHANG_LEDGER"
NO_LEDGER = Words("没有指明账本。", "No ledger is named.")
NAME_LEDGER = Words(f"请写 --ledger PATH，或设环境变量 {VARIABLE}。", f"Name it with --ledger PATH, or set {VARIABLE}.")


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger that a command was given.

    Attributes:
        url: a path or `postgresql://…`.
        form: `table` or `json`.
        dry_run: show what would be booked, and take it back.
    """

    url: str
    form: str
    dry_run: bool = False

    @contextmanager
    def open(self) -> Iterator[Store]:
        """Open it; in a dry run all that is written is taken back at the end."""
        from sizhang.store.connection import open_store

        with told_of_the_database(self.url), open_store(self.url) as store:
            if not self.dry_run:
                yield store
                return
            with store.rehearsal():
                yield store


@contextmanager
def told_of_the_database(url: str) -> Iterator[None]:
    """Turn what a database program refuses into an error with a remedy."""
    try:
        yield
    except (SizhangError, click.exceptions.ClickException, click.exceptions.Exit):
        raise
    except Exception as fault:
        from sizhang.store.connection import shown_url
        from sizhang.store.laws import words_of

        if type(fault).__module__.split(".")[0] not in ("sqlite3", "psycopg"):
            raise
        zh, en = words_of(fault)
        raise LedgerError(
            Words(f"数据库不接受：{zh}。", f"The database refuses: {en}."),
            where=shown_url(url),
            remedy=Words("什么也没有入账。请复核账本：sizhang check。", "Nothing was booked. Check the ledger: sizhang check."),
        ) from fault


def with_ledger(*, writes: bool = False, forms: tuple[str, ...] = FORMATS) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add the options; the command takes them as one argument, `ledger`. Where it has forms of its own, one must be chosen."""
    usual = forms[0] if forms is FORMATS else None

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @click.option(
            "--ledger", "url", metavar="LEDGER", help=f"账本：文件或 postgresql:// The ledger: a file or postgresql://; or {VARIABLE}"
        )
        @click.option(
            "--format", "form", type=click.Choice(forms), default=usual, required=usual is None, show_default=True, help="输出形式 Form"
        )
        @functools.wraps(command)
        def wrapped(*, url: str | None, form: str, dry_run: bool = False, **options: Any) -> None:
            context = click.get_current_context().find_root()
            url = url or (context.obj or {}).get("ledger") or os.environ.get(VARIABLE)
            if not url:
                raise LedgerError(NO_LEDGER, remedy=NAME_LEDGER)
            command(ledger=Ledger(url, form, dry_run), **options)

        if writes:
            return click.option("--dry-run", is_flag=True, help="只演算，不入账 Show what would be booked, book nothing")(wrapped)
        return wrapped

    return decorate


class Day(click.ParamType[date]):
    """A day as 2026-03-05."""

    name = "DAY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            day = date.fromisoformat(str(value))
        except ValueError as fault:
            raise LedgerError(Words(f"“{value}”不是日期。", f"“{value}” is no day."), remedy=WRITE_DAY) from fault
        check_day(day)
        return day


class Number(click.ParamType[tuple[Decimal, str]]):
    """A number, with its unit where one stands behind it: 300, 0.5, 10万, 20公顷."""

    name = "NUMBER"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[Decimal, str]:
        return value if isinstance(value, tuple) else parse_number(str(value))


ON = click.option("--on", type=Day(), metavar="DAY", help="业务日期，默认今天 The day it is about, today by default")
BY = click.option("--by", default="", metavar="PERSON", help="经办人 Who books it")
BODY = click.option("--body", default="", metavar="BODY", help="所代表的单位，默认本人单位 For which body, the person's own by default")
CLIENT_ID = click.option("--id", "client_id", default="", metavar="ID", help="自定编号，重发不重记 Your own id: sent twice, booked once")
