"""`object_to` and `answer` 异议: while a write-off is under notice anybody who may see it may object, and then it waits for the answer."""

from __future__ import annotations

from typing import Final

from sizhang.app.booking import check_printable
from sizhang.core.errors import LedgerError, Words
from sizhang.store.connection import Store
from sizhang.store.objections import Objection, answer_row, find_objection, insert_objection, open_objections
from sizhang.store.registers import get_promise

TEXT_LEAST: Final = 5
TEXT_MOST: Final = 2_000


def object_to(store: Store, number: str, by: str, text: str) -> Objection:
    """Object to the write-off of what stands verified; said again while it is open, it is one objection.

    Args:
        by: the name under which somebody objects.

    Raises:
        LedgerError: nothing of the promise is under notice, or the text is too short or too long.
    """
    check_printable(text, number, lines=True)
    if not TEXT_LEAST <= len(text) <= TEXT_MOST:
        raise LedgerError(
            Words(
                f"请写 {TEXT_LEAST} 到 {TEXT_MOST} 个字，这里有 {len(text)} 个。",
                f"An objection has {TEXT_LEAST} to {TEXT_MOST} characters, not {len(text)}.",
            ),
            where=number,
            remedy=Words("写明哪里不属实、凭什么这样说。", "Say what is untrue, and on what ground."),
        )
    with store.writing():
        promise = get_promise(store, number)
        if not promise.balance.verified:
            raise LedgerError(
                Words("现在没有公示中的数量。", "Nothing of it is under notice now."),
                where=number,
                remedy=Words("对已销的账有疑问，请附结论回账。", "Reopen what is settled, with a finding."),
            )
        held = [one for one in open_objections(store, number) if (one.made_by, one.text) == (by, text)]
        made = held[0] if held else find_objection(store, insert_objection(store, promise.id, by, text))
        assert made is not None
        return made


def answer_objection(store: Store, objection_id: int, by: str, text: str) -> None:
    """Answer an objection; what was answered stays.

    Raises:
        LedgerError: there is none without an answer of that number, or the answer is empty or too long.
    """
    check_printable(text, lines=True)
    if not 1 <= len(text) <= TEXT_MOST:
        raise LedgerError(
            Words(f"答复是空的，或超过 {TEXT_MOST} 个字。", f"The answer is empty, or longer than {TEXT_MOST} characters."),
            remedy=Words("写明查了什么、结果怎样。", "Say what was looked at, and what came of it."),
        )
    with store.writing():
        if not answer_row(store, objection_id, by, text):
            raise LedgerError(
                Words(f"没有编号 {objection_id} 的待答异议。", f"No objection {objection_id} waits for an answer."),
                remedy=Words("看公示页上还有哪些。", "See on the page of notices which do."),
            )


def check_no_objection(store: Store, number: str) -> None:
    """Refuse to write off while an objection waits for its answer.

    Raises:
        LedgerError: with the first of them.
    """
    waiting = open_objections(store, number)
    if waiting:
        count, by, text = len(waiting), waiting[0].made_by, waiting[0].text[:40]
        raise LedgerError(
            Words(f"还有 {count} 条异议没有答复：{by}“{text}”。", f"{count} objections wait for an answer: {by}, “{text}”."),
            where=number,
            remedy=Words("先在网站的公示页上答复每一条异议，再销账。", "Answer each on the site's page of notices, then settle."),
        )
