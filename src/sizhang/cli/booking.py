"""What the commands of the verbs have in common: their options, and the order that is made of them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sizhang.cli.options import BODY, BY, CLIENT_ID, ON, Number, with_ledger
from sizhang.cli.telling import show_lines
from sizhang.core.day import this_day
from sizhang.core.errors import GIVE_OVER_ZERO, LedgerError, Words

if TYPE_CHECKING:
    from sizhang.app.order import Order, Receipt
    from sizhang.cli.options import Ledger
    from sizhang.store.connection import Store

_PATH = click.Path(path_type=Path)
LOTS = click.option("--lots", type=_PATH, metavar="CSV", help="批次清单 The lots, one a row: identity and number")
LOT = click.option("--lot", "names", multiple=True, metavar="NAME", help="单个批次、对象或节点 One lot, member or stage; may be repeated")
PERSONAL = click.option("--personal", is_flag=True, help="批次为个人，只存带密钥的摘要 The lots are people: only a keyed hash is kept")
EVIDENCE = click.option(
    "--evidence", "evidence", multiple=True, type=_PATH, metavar="FILE", help="佐证文件 A file of evidence; may be repeated"
)
FINDING = click.option("--finding", "text", default="", metavar="TEXT", help="核查结论 The finding")
# So that -5 is a quantity and not an option; what is neither is refused by `order_of`.
VERB = {"ignore_unknown_options": True}
NOTE = click.option("--note", "text", default="", metavar="TEXT", help="说明 A note")


def books(command: Callable[..., None]) -> Callable[..., None]:
    """The arguments and options of every verb: the promise, how much, when, by whom, for whom, the id, the lots, the evidence.

    The files after `--evidence` may follow one another: `--evidence a.pdf b.jpg`.
    """

    @click.argument("promise")
    @click.argument("quantity", required=False)
    @click.argument("files", nargs=-1, type=_PATH)
    @ON
    @BY
    @BODY
    @CLIENT_ID
    @LOTS
    @LOT
    @PERSONAL
    @EVIDENCE
    @functools.wraps(command)
    def wrapped(**options: Any) -> None:
        command(**options)

    return with_ledger(writes=True)(wrapped)


def order_of(options: dict[str, Any]) -> Order:
    """The order that the options of `books` ask for.

    Raises:
        LedgerError: the quantity is no number over 0, or a word stands there that is no file of evidence.
        InputError: the table of lots cannot be read.
    """
    from sizhang.app.order import NamedLot, Order
    from sizhang.app.tables import load_lots

    quantity, promise = options["quantity"], options["promise"]
    _check_words(options)
    number, unit = Number().convert(quantity, None, None) if quantity is not None else (None, "")
    if number is not None and number <= 0 and not options.get("signed"):
        raise LedgerError(Words(f"{quantity} 动不了账。", f"{quantity} moves nothing."), where=promise, remedy=GIVE_OVER_ZERO)
    files = tuple(options["files"])
    if files and not options["evidence"]:
        raise LedgerError(
            Words(f"“{files[0]}”不知何用。", f"“{files[0]}” stands there for nothing."),
            remedy=Words("佐证文件请写在 --evidence 后面。", "Put files of evidence behind --evidence."),
        )
    lots = load_lots(options["lots"]) if options["lots"] else ()
    lots += tuple(NamedLot(name) for name in options["names"])
    return Order(
        promise,
        number,
        unit,
        options["by"],
        options["body"],
        options["on"],
        options["text"],
        options["client_id"],
        lots,
        options["personal"],
        (*options["evidence"], *files),
        options.get("measured"),
        options.get("base"),
        options.get("surplus", False),
    )


def _check_words(options: dict[str, Any]) -> None:
    """Refuse what looks like an option and is none, and a number below 0 where the verb has one direction."""
    words = [options["promise"], options["quantity"], *map(str, options["files"])]
    for word in words:
        if word is None or not word.startswith("-") or (options.get("signed") and word is options["quantity"] and word[1:2].isdecimal()):
            continue
        if not word[1:2].isdecimal():
            name = word.split("=", 1)[0]
            known = [one for parameter in click.get_current_context().command.params for one in parameter.opts]
            raise click.NoSuchOption(name, possibilities=get_close_matches(name, known))
        remedy = Words(
            "要减少已报的，用 reject 退账；要减少承诺的，用 amend 调账；已销的退回用 reopen。",
            "Take a claim back with reject, lower the promise with amend, take back what was settled with reopen.",
        )
        raise LedgerError(Words(f"{word} 小于 0。", f"{word} is below 0."), where=options["promise"], remedy=remedy)


def run(ledger: Ledger, verb: Callable[[Store, Order], Receipt], options: dict[str, Any]) -> None:
    """Book the order and show the receipt."""
    from sizhang.cli.receipts import show

    order = order_of(options)
    with ledger.open() as store:
        receipt = verb(store, order)
    show(receipt, ledger)
    today, last = this_day(), max(line.effective_on for line in receipt.lines)
    if last > today:
        show_lines("注意 Warning", f"{last} 在今天（{today}）之后。\n{last} is after today, {today}.")
