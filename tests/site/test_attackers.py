"""People with an account who reach for what is another's, and what a forged request says of places and numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from sites import FARMING, HOUSING, Site
from sizhang.app.split import Division, split
from sizhang.app.tables import Part
from sizhang.web.models import Account, Clue

LOGIN = "/account/login/"


@pytest.mark.parametrize("sent", [{"accuracy_m": "1e999999999"}, {"accuracy_m": "Infinity"}, {"latitude": "NaN"}, {"accuracy_m": "-1"}])
def test_a_place_that_is_no_place_is_told(site: Site, sent: dict[str, str]) -> None:
    number = site.open("新建高标准农田")
    site.claim(number, "300")
    finding = {"client_id": "a", "account": "verifier", "verb": "verify", "promise": number, "number": "100", "text": "看过，属实"}
    place = {"latitude": "30.1", "longitude": "110.2", "accuracy_m": "5", **sent}
    answer = site.client("verifier").post("/field/send/", {**finding, **place})
    assert answer.status_code == 422
    assert answer.json()["remedy"]
    assert site.standing(number)[2] == 0
    assert site.client("verifier").post("/field/send/", {**finding, "account": "office"}).status_code == 422


def test_a_claim_is_of_the_own_body_whatever_the_form_says(site: Site) -> None:
    number, before = site.open("新建高标准农田", body=FARMING), site.entries()
    client = site.client("other")
    sent = {"client_id": "x", "number": "1", "on": "2026-07-01", "body": FARMING, "by": "农业填报", "promise": number}
    for address in (f"/ledger/{number}/claim/", f"/ledger/{number}.1/claim/", f"/ledger/{number}/claim/?body={FARMING}"):
        assert client.post(address, sent).status_code in (403, 422)
    pasted = client.post("/claims/", {"text": f"编号\t数量\t日期\n{number}\t1\t2026-07-01"})
    assert pasted.status_code == 422
    own = site.open("改造老旧小区", unit="个", body=HOUSING)
    typed = {**sent, "client_id": "y", "promise": number, "number": "2"}
    assert client.post(f"/ledger/{own}/claim/", typed).status_code == 302
    ((who, body),) = site.store.rows(
        "SELECT w.name, b.name FROM entry e JOIN person w ON w.id = e.person_id JOIN body b ON b.id = w.body_id WHERE e.verb = 'claim'"
    )
    assert (who, body) == ("住建填报", HOUSING)
    assert site.standing(number)[1] == 0
    assert site.entries() == before + 2


def test_who_has_a_part_reports_the_part_and_not_what_is_left_of_the_whole(site: Site) -> None:
    whole = site.open("新建停车位", body=FARMING)
    parts = (Part(HOUSING, "", Decimal(400), None), Part(FARMING, "", Decimal(400), None))
    split(site.store, Division(whole, parts, reserve=Decimal(200), by="督查一"))
    client = site.client("other")
    sent = {"number": "10", "on": "2026-07-01"}
    for number, status in ((whole, 403), (f"{whole}.02", 403), (f"{whole}.01", 302)):
        assert client.post(f"/ledger/{number}/claim/", {**sent, "client_id": number}).status_code == status
        table = client.post("/claims/", {"text": f"编号\t数量\t日期\n{number}\t1\t2026-07-02"})
        assert table.status_code == (302 if status == 302 else 422)
    assert site.standing(whole)[1] == 0


def test_a_form_id_of_another_books_nothing_and_takes_nothing_away(site: Site) -> None:
    number, own = site.open("新建高标准农田", body=FARMING), site.open("改造老旧小区", unit="个", body=HOUSING)
    sent = {"client_id": "shared", "number": "1", "on": "2026-07-01"}
    assert site.client("reporter").post(f"/ledger/{number}/claim/", sent).status_code == 302
    before = site.entries()
    page = site.client("other").post(f"/ledger/{own}/claim/", sent)
    assert page.status_code == 422
    assert "农业填报" not in page.content.decode()
    page = site.client("verifier").post(f"/ledger/{number}/verify/", {**sent, "text": "看过，属实"})
    assert page.status_code == 422
    assert site.entries() == before


def test_an_unanswered_clue_is_nowhere_and_an_answered_one_shows_no_more_than_was_decided(site: Site) -> None:
    number = site.open("新建高标准农田")
    waiting = Clue.objects.create(promise=number, text="西坡的渠道没有通水")
    hidden = Clue.objects.create(promise=number, text="某某拿了钱", answer="查无此事", answered_at=timezone.now())
    for username in ("", "other", "verifier", "leader", "deputy", "admin"):
        client = site.client(username)
        for one in (waiting, hidden):
            for address in (
                f"/clues/{one.pk}/",
                f"/clue/{one.pk}/",
                f"/clue/?id={one.pk}",
                "/clues/",
                f"/promises/{number}/",
                "/data/feed.xml",
            ):
                page = client.get(address).content.decode()
                assert waiting.text not in page
                assert hidden.text not in page
            assert client.post(f"/clues/{one.pk}/", {"answer": "x", "shown": "1"}).status_code in (302, 403)
    waiting.refresh_from_db()
    hidden.refresh_from_db()
    assert waiting.answered_at is None
    assert not hidden.shown
    assert site.client("office").post(f"/clues/{hidden.pk}/", {"answer": "x", "shown": "1"}).status_code == 404


def test_a_closed_account_is_out_at_once(site: Site) -> None:
    client = site.client("office")
    assert client.get("/ledger/").status_code == 200
    account = Account.objects.get(username="office")
    assert site.client("admin").post(f"/administration/accounts/{account.pk}/", {}).status_code == 302
    assert client.get("/ledger/").status_code == 302


@pytest.mark.parametrize("number", ["9" * 30, "9" * 18, "0"])
@pytest.mark.parametrize(
    "address",
    ["/uploads/{}/", "/uploads/{}/drafts/{}/", "/uploads/{}/open/", "/reports/{}/", "/objections/{}/", "/clues/{}/", "/inquiries/{}/"],
)
def test_a_number_that_nothing_has_is_not_found(site: Site, address: str, number: str) -> None:
    client = site.client("office")
    for answer in (client.get(address.format(number, number)), client.post(address.format(number, number), {"answer": "x"})):
        assert answer.status_code in (404, 405)
    assert site.client("admin").post(f"/administration/accounts/{number}/").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/ledger/", "/ledger/{n}/outlook/", "/uploads/1/", "/today/", "/download/ledger.csv", "/download/ledger.xlsx", "/field/tasks.json"],
)
def test_a_piece_of_a_page_needs_a_sign_in_as_the_page_does(site: Site, address: str) -> None:
    number = site.open("新建高标准农田")
    answer = site.client().get(address.format(n=number), headers={"hx-request": "true"})
    assert answer.status_code == 302
    assert answer["Location"].startswith(LOGIN)


@pytest.mark.parametrize(
    "address", ["/ledger/%00/", "/promises/%00/", "/evidence/%00/", "/bodies/%00/", "/errands/a%00b/", "/cadence/%00/"]
)
def test_an_address_with_a_nul_is_refused_before_the_database_is_asked(site: Site, address: str) -> None:
    for username in ("", "office"):
        page = site.client(username).get(address)
        assert page.status_code == 400
        assert "这个请求读不懂" in page.content.decode()


def test_a_field_with_a_nul_is_refused_and_kept_nowhere(site: Site) -> None:
    number = site.open("新建高标准农田")
    assert site.client().post("/clue/", {"number": number, "text": "渠道没有通水，七月看到的\0"}).status_code == 400
    assert site.client("deputy").post("/inquiries/", {"text": "为什么没有通水\0"}).status_code == 400
    assert site.client("reporter").post(f"/ledger/{number}/claim/", {"number": "1", "client_id": "\0"}).status_code == 400
    assert not Clue.objects.exists()
    assert site.standing(number)[1] == 0


def test_a_year_of_endless_digits_is_told(site: Site) -> None:
    assert site.client("admin").post("/administration/years/", {"carry": "1", "year": "9" * 5_000}).status_code == 422
