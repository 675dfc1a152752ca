"""What the verbs refuse, and what rules, evidence and days do, on both engines."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sizhang.app.amend import amend
from sizhang.app.assign import assign, load_supporters
from sizhang.app.body import add_body
from sizhang.app.claim import claim
from sizhang.app.expire import expire, oldest_claims
from sizhang.app.init import equip
from sizhang.app.objection import answer_objection, object_to
from sizhang.app.open import ByHand, Opening, open_by_hand
from sizhang.app.order import NamedLot, Order, Receipt
from sizhang.app.person import add_person
from sizhang.app.reject import reject
from sizhang.app.reopen import reopen
from sizhang.app.settle import settle
from sizhang.app.verify import verify
from sizhang.core.errors import InputError, LedgerError
from sizhang.store.checking import check_ledger
from sizhang.store.connection import Store
from sizhang.store.evidence import path_of
from sizhang.store.identity import key_path
from sizhang.store.objections import load_objections
from sizhang.store.registers import check_promises, get_promise

D = Decimal
BODIES = (("市政府", None), ("林业局", "市政府"), ("林场", "林业局"), ("审计局", "市政府"), ("水务局", "市政府"))
PEOPLE = (
    ("张三", "林业局", ["reporter"]),
    ("钱七", "林业局", ["verifier"]),
    ("李四", "审计局", ["verifier"]),
    ("王五", "市政府", ["keeper"]),
    ("水工", "水务局", ["reporter"]),
    ("全能", "水务局", ["reporter", "verifier", "keeper"]),
)


@pytest.fixture
def city(ledger: Store) -> Store:
    equip(ledger)
    for name, parent in BODIES:
        add_body(ledger, name, parent)
    for name, body, roles in PEOPLE:
        add_person(ledger, name, body, roles)  # type: ignore[arg-type]
    open_by_hand(ledger, ByHand("新增绿化", D(1000), "亩"), Opening(2026, "林业局"))
    return ledger


def order(number: object, by: str = "张三", on: str = "2026-03-05", **more: Any) -> Order:
    return Order("2026-001", D(str(number)), by=by, on=date.fromisoformat(on), text=more.pop("text", "查过"), **more)


def balance(receipt: Receipt) -> tuple[str, ...]:
    (standing,) = receipt.standings
    return tuple(f"{D(steps) / 10**standing.decimals:f}" for steps in standing.balance[:4])


def test_nobody_checks_a_claim_of_a_body_that_is_his_own(city: Store) -> None:
    """Not even where the claim was made for a body below."""
    claim(city, order(100, body="林场"))
    for by in ("钱七", "全能"):
        claim(city, order(1, by=by)) if by == "全能" else None
    with pytest.raises(LedgerError, match="张三 of 林业局 has claimed"):
        verify(city, order(50, by="钱七"))
    with pytest.raises(LedgerError, match="张三 of 林业局 has claimed"):
        reject(city, order(50, by="钱七"))
    with pytest.raises(LedgerError, match="全能 has claimed"):
        verify(city, order(50, by="全能"))
    assert balance(verify(city, order(101, by="李四"))) == ("899", "0", "101", "0")
    with pytest.raises(LedgerError, match="全能 has claimed"):
        settle(city, order(1, by="全能"))


def test_nobody_speaks_for_another_body(city: Store) -> None:
    with pytest.raises(LedgerError, match="does not speak for 审计局"):
        claim(city, order(1, body="审计局"))
    with pytest.raises(LedgerError, match="does not speak for 市政府"):
        claim(city, order(1, body="市政府"))
    with pytest.raises(LedgerError, match="without a name"):
        claim(city, order(1, by=""))
    with pytest.raises(LedgerError, match="not a person"):
        claim(city, order(1, by="某某"))


def test_the_rule_book_narrows(city: Store) -> None:
    rules = 'claims_by_responsible_only = true\nnotice_days = 7\nlevel_needs_value = true\n[roles]\nreopen = ["verifier"]\n'
    equip(city, rules)
    with pytest.raises(LedgerError, match="水务局 is not responsible"):
        claim(city, order(1, by="水工"))
    assign(city, "2026-001", "", ["水务局"])
    claim(city, order(1, by="水工"))
    claim(city, order(9, body="林场"))
    verify(city, order(10, by="李四", on="2026-03-10"))
    with pytest.raises(LedgerError, match="Only 0 亩 were verified 7 days ago"):
        settle(city, order(10, by="王五", on="2026-03-16"))
    settle(city, order(10, by="王五", on="2026-03-17"))
    with pytest.raises(LedgerError, match="may not reopen"):
        reopen(city, order(1, by="王五", on="2026-03-18"))
    level = open_by_hand(city, ByHand("利用率", D(25), "%", "level", ">="), Opening(2026, "林业局")).standings[0].promise
    claim(city, Order(level, by="张三", on=date(2026, 5, 1)))
    with pytest.raises(LedgerError, match="none is given"):
        verify(city, Order(level, by="李四", on=date(2026, 5, 2), text="查过"))
    # A newer book replaces the older one, which stays.
    equip(city, "notice_days = 0")
    assert len(city.rows("SELECT id FROM rulebook")) == 2
    reopen(city, order(1, by="王五", on="2026-03-18"))


def test_nothing_is_settled_while_an_objection_waits_for_its_answer(city: Store) -> None:
    claim(city, order(100))
    with pytest.raises(LedgerError, match="Nothing of it is under notice"):
        object_to(city, "2026-001", "代表甲", "南坡没有栽树")
    verify(city, order(100, by="李四"))
    for text, fault in (
        ("没有", "5 to 2000 characters, not 2"),
        ("没" * 2_001, "not 2001"),
        ("没有\x00栽树", "cannot be kept|control|printed"),
    ):
        with pytest.raises(LedgerError, match=fault):
            object_to(city, "2026-001", "代表甲", text)
    with pytest.raises(LedgerError):
        object_to(city, "2026-009", "代表甲", "南坡没有栽树")
    first = object_to(city, "2026-001", "代表甲", "南坡没有栽树")
    assert object_to(city, "2026-001", "代表甲", "南坡没有栽树") == first, "said twice it is one"
    second = object_to(city, "2026-001", "居民乙", "北坡只栽了一半")
    with pytest.raises(LedgerError, match="2 objections wait for an answer: 代表甲, “南坡没有栽树”") as refused:
        settle(city, order(10, by="王五"))
    assert "还有 2 条异议没有答复：代表甲“南坡没有栽树”" in refused.value.what.zh
    assert refused.value.where == "2026-001"
    answer_objection(city, first.id, "督查室", "查过，栽在西坡")
    with pytest.raises(LedgerError, match="1 objections wait for an answer: 居民乙"):
        settle(city, order(10, by="王五"))
    for one, fault in ((first.id, "No objection 1 waits"), (99, "No objection 99 waits")):
        with pytest.raises(LedgerError, match=fault):
            answer_objection(city, one, "督查室", "再答一次")
    with pytest.raises(LedgerError, match="The answer is empty"):
        answer_objection(city, second.id, "督查室", "")
    answer_objection(city, second.id, "督查室", "补栽了")
    assert balance(settle(city, order(10, by="王五"))) == ("900", "0", "90", "10")
    held = load_objections(city, "2026-001")
    answers = [("代表甲", "查过，栽在西坡", "督查室"), ("居民乙", "补栽了", "督查室")]
    assert [(one.made_by, one.answer, one.answered_by) for one in held] == answers
    assert check_ledger(city).findings == ()
    city.execute("UPDATE raised_objection SET answer = '没有查' WHERE id = 1")
    assert "raised_objection" in str(check_ledger(city).findings)


def test_a_claim_that_nobody_verifies_goes_back_by_itself_on_its_day(city: Store) -> None:
    claim(city, order(100, on="2026-03-01"))
    claim(city, order(50, on="2026-03-20"))
    claim(city, order(30, on="2026-03-02", lots=(NamedLot("甲-1"), NamedLot("甲-2"), NamedLot("甲-3"))))
    verify(city, order(60, by="李四", on="2026-03-25"))
    verify(city, Order("2026-001", by="李四", on=date(2026, 3, 26), text="查过", lots=(NamedLot("甲-2"),)))
    assert oldest_claims(city) == {"2026-001": date(2026, 3, 1)}
    assert expire(city, date(2026, 4, 30)).lines == ()
    gone = expire(city, date(2026, 5, 1))
    # What is left: two lots of 2 March, and the plain claim of 20 March.
    assert oldest_claims(city) == {"2026-001": date(2026, 3, 2)}
    assert [(line.steps, line.effective_on, line.person, line.lots) for line in gone.lines] == [(4_000, date(2026, 5, 1), "", ())]
    assert expire(city, date(2026, 5, 1)).lines == ()
    later = expire(city, date(2026, 12, 31))
    assert oldest_claims(city) == {}
    assert [(line.steps, line.effective_on, line.lots) for line in later.lines] == [
        (5_000, date(2026, 5, 20), ()),
        (2_000, date(2026, 5, 2), ("甲-1", "甲-3")),
    ]
    assert get_promise(city, "2026-001").balance[:4] == (93_000, 0, 7_000, 0)
    assert balance(claim(city, order(20, on="2026-06-01", lots=(NamedLot("甲-1"), NamedLot("甲-3"))))) == ("910", "20", "70", "0")


def test_evidence_is_kept_before_the_entry_and_checked_by_its_content(city: Store, tmp_path: Path) -> None:
    photo = tmp_path / "photo.txt"
    photo.write_bytes(b"\xff\xd8\xff\xe0 a picture under a false name")
    receipt = claim(city, order(10, evidence=(photo,)))
    (digest,) = receipt.lines[0].evidence
    assert digest == hashlib.sha256(photo.read_bytes()).hexdigest()
    assert path_of(city, digest).read_bytes() == photo.read_bytes()
    assert city.rows("SELECT name, media_type, size_bytes FROM evidence") == [("photo.txt", "image/jpeg", photo.stat().st_size)]
    claim(city, order(10, evidence=(photo,)))
    assert len(city.rows("SELECT id FROM evidence")) == 1
    entries = city.rows("SELECT COUNT(*) FROM entry")
    equip(city, "evidence_max_mb = 1")
    for name, content, why in (
        ("empty.pdf", b"", "is empty"),
        ("program.pdf", b"\x7fELF\x02", "a program"),
        ("large.pdf", b"%PDF-" + bytes(1_000_001), "more than 1 MB"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match=why):
            claim(city, order(10, evidence=(photo, tmp_path / name)))
    for path, why in ((tmp_path / "missing.pdf", "cannot be read"), (tmp_path, "A folder")):
        with pytest.raises(InputError, match=why):
            claim(city, order(10, evidence=(path,)))
    assert city.rows("SELECT COUNT(*) FROM entry") == entries
    assert not list(city.folder.rglob(".part-*"))


def test_an_id_that_comes_again_books_once_and_with_another_content_not_at_all(city: Store) -> None:
    lots = (NamedLot("甲-1", D(1)), NamedLot("甲-2", D(2)))
    first = claim(city, Order("2026-001", by="张三", on=date(2026, 3, 5), client_id="x", lots=lots))
    assert [line.again for line in first.lines] == [False, False]
    again = claim(city, Order("2026-001", by="张三", client_id="x", lots=lots))
    assert [line.again for line in again.lines] == [True, True]
    assert [line.hash for line in again.lines] == [line.hash for line in first.lines]
    for other in (order(4, client_id="x"), order(3, client_id="x", on="2026-03-06"), order(3, client_id="x", by="水工")):
        with pytest.raises(LedgerError, match="another content"):
            claim(city, other)
    with pytest.raises(LedgerError, match="another content"):
        reject(city, order(3, client_id="x", by="李四"))
    with pytest.raises(LedgerError, match="181 characters"):
        claim(city, order(3, client_id="x" * 181))


@pytest.mark.parametrize(
    ("number", "unit", "why"), [("0.001", "", "no whole number"), ("1", "吨", "does not convert"), ("0", "", "moves nothing")]
)
def test_a_quantity_that_the_promise_cannot_hold(city: Store, number: str, unit: str, why: str) -> None:
    with pytest.raises(LedgerError, match=why):
        claim(city, order(number, unit=unit))


def test_a_cap_is_settled_when_its_year_is_over(city: Store) -> None:
    cap = ByHand("“三公”经费", D(800), "万元", "cap", "<=", "amount")
    number = open_by_hand(city, cap, Opening(2026, "林业局")).standings[0].promise
    claim(city, Order(number, by="张三", on=date(2026, 6, 1)))
    with pytest.raises(LedgerError, match="not met"):
        verify(city, Order(number, by="李四", on=date(2026, 6, 2), text="查过", measured=D(801)))
    verify(city, Order(number, by="李四", on=date(2026, 6, 2), text="查过", measured=D(800)))
    with pytest.raises(LedgerError, match="until the year ends"):
        settle(city, Order(number, on=date(2026, 12, 30)))
    assert balance(settle(city, Order(number, on=date(2026, 12, 31)))) == ("0", "0", "0", "1")


def test_members_are_named_and_stages_keep_their_order(city: Store) -> None:
    members = (
        open_by_hand(city, ByHand("全覆盖", measure="members", names=("甲县", "乙县", "丙县")), Opening(2026, "林业局"))
        .standings[0]
        .promise
    )
    with pytest.raises(LedgerError, match="but not which"):
        claim(city, Order(members, D(2), by="张三", on=date(2026, 5, 1)))
    with pytest.raises(LedgerError, match="丁县 is not of"):
        claim(city, Order(members, by="张三", lots=(NamedLot("丁县"),)))
    claim(city, Order(members, by="张三", on=date(2026, 5, 1), lots=(NamedLot("乙县"),)))
    with pytest.raises(LedgerError, match="乙县 stands at claimed"):
        claim(city, Order(members, by="张三", on=date(2026, 5, 1), lots=(NamedLot("乙县"),)))
    assert balance(claim(city, Order(members, by="张三", on=date(2026, 5, 2)))) == ("0", "3", "0", "0")
    stages = (
        open_by_hand(city, ByHand("建馆", measure="stages", names=("开工", "封顶", "竣工")), Opening(2026, "林业局")).standings[0].promise
    )
    with pytest.raises(LedgerError, match="next stage is 开工"):
        claim(city, Order(stages, by="张三", lots=(NamedLot("封顶"),)))
    claim(city, Order(stages, D(2), by="张三", on=date(2026, 5, 1)))
    back = reject(city, Order(stages, D(1), by="李四", on=date(2026, 5, 2), text="未封顶"))
    assert back.lines[0].lots == (f"{stages}/封顶",)
    verify(city, Order(stages, D(1), by="李四", on=date(2026, 5, 2), text="已开工"))
    again = claim(city, Order(stages, D(1), by="张三", on=date(2026, 6, 1)))
    assert again.lines[0].lots == (f"{stages}/封顶",)


def test_who_led_before_stays_known(city: Store) -> None:
    assign(city, "2026-001", "水务局", ["林业局", "审计局"], "市政府分工方案")
    assign(city, "2026-001", "审计局", ["林业局"], "调整")
    promise = get_promise(city, "2026-001")
    assert promise.body == "审计局"
    assert load_supporters(city, promise.id) == ["林业局"]
    kept = "SELECT b.name, a.supporters, a.document FROM assignment a JOIN body b ON b.id = a.lead_id ORDER BY a.id"
    assert city.rows(kept) == [("水务局", "林业局\n审计局", "市政府分工方案"), ("审计局", "林业局", "调整")]
    with pytest.raises(LedgerError, match="cannot support itself"):
        assign(city, "2026-001", "审计局", ["审计局"])


def test_without_the_key_people_are_not_counted_again(city: Store) -> None:
    claim(city, order(1, lots=(NamedLot("工号-1"),), personal=True))
    key_path(city).unlink()
    with pytest.raises(LedgerError, match="key is missing"):
        claim(city, order(1, lots=(NamedLot("工号-2"),), personal=True))


@pytest.mark.parametrize("column", ["title", "domain", "target"])
def test_words_of_a_promise_that_were_changed_behind_the_ledger_are_found(city: Store, column: str) -> None:
    open_by_hand(city, ByHand("另一件"), Opening(2026, "林业局"))
    assert check_promises(city) == []
    with city.writing():
        city.execute(f"UPDATE promise SET {column} = 'x' WHERE number = '2026-001'")
    assert check_promises(city) == ["2026-001"]


def test_an_id_under_which_another_promise_was_opened_is_refused(city: Store) -> None:
    hand, opening = ByHand("湿地", D(5), "公顷"), Opening(2026, "林业局", client_id="wetland")
    assert open_by_hand(city, hand, opening).lines[0].again is False
    assert open_by_hand(city, hand, opening).lines[0].again is True
    for other in (replace(hand, title="湖"), replace(hand, number=D(6)), replace(hand, unit="亩"), replace(hand, deadline="2026-06")):
        with pytest.raises(LedgerError, match="booked already with another content: 2026-002 湿地"):
            open_by_hand(city, other, opening)
    with pytest.raises(LedgerError, match="another content"):
        open_by_hand(city, hand, replace(opening, year=2027))


@pytest.mark.parametrize("letter", ["\x1b", "\x07", "\x7f", "\x9b"])
def test_control_characters_are_refused_wherever_somebody_types(city: Store, letter: str) -> None:
    with pytest.raises(LedgerError, match="control character"):
        open_by_hand(city, ByHand(f"湿{letter}地", D(5), "公顷"), Opening(2026, "林业局"))
    with pytest.raises(LedgerError, match="control character"):
        claim(city, order(5, text=f"已{letter}办"))
    with pytest.raises(LedgerError, match="control character"):
        claim(city, order(5, client_id=f"a{letter}"))
    assert claim(city, order(5, text="两行\n说明")).lines[0].text == "两行\n说明"


def test_an_id_sent_again_with_another_content_is_refused_whatever_differs(city: Store, tmp_path: Path) -> None:
    first, other = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_text("甲", "utf-8")
    other.write_text("乙", "utf-8")
    up = order(50, "王五", text="令一", client_id="amended")
    assert not amend(city, up).again
    assert amend(city, up).again
    done = order(30, client_id="claimed", lots=(NamedLot("地块1"), NamedLot("地块2")), evidence=(first,))
    assert not claim(city, done).again
    assert claim(city, done).again
    assert claim(city, order(30, client_id="claimed", text="")).again
    changes = [
        *((amend, up, {"number": D(-50)}), (amend, up, {"surplus": True}), (amend, up, {"text": "令二"})),
        *((claim, done, {"lots": (NamedLot("地块1"), NamedLot("地块3"))}), (claim, done, {"evidence": (other,)})),
        (claim, done, {"body": "林场"}),
    ]
    for verb, sent, change in changes:
        with pytest.raises(LedgerError, match="booked already with another content"):
            verb(city, replace(sent, **change))
    assert get_promise(city, "2026-001").balance.promised == 102_000
