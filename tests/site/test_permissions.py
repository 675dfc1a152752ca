"""Who reaches what: every address of the site by every role and verb, from the table of addresses itself; and whose promises are whose."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from html import unescape
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from pictures import scene
from sites import FARMING, HOUSING, Site, fields_of
from sizhang.app.assign import assign
from sizhang.app.objection import object_to
from sizhang.app.order import Order
from sizhang.app.person import add_person
from sizhang.app.split import Division, split
from sizhang.app.tables import Part
from sizhang.app.verify import verify
from sizhang.core.errors import SizhangError
from sizhang.store.objections import open_objections
from sizhang.web.models import Account, Clue, Upload

OFFICE, REPORTER, VERIFIER, LEADER, DEPUTY, ADMIN = "office", "reporter", "verifier", "leader", "deputy", "admin"
SIGNED_IN = frozenset({OFFICE, REPORTER, VERIFIER, LEADER, DEPUTY, ADMIN})
EVERYBODY = SIGNED_IN | {""}
SUBJECTS = (OFFICE, REPORTER, "other", VERIFIER, LEADER, DEPUTY, ADMIN, "")
# Who reaches an address with GET and with POST; None where the address has not that verb. `other` is a reporter of another body.
READ = (SIGNED_IN, SIGNED_IN)
OPEN = (EVERYBODY, EVERYBODY)
OWN = frozenset({OFFICE, REPORTER, VERIFIER, LEADER, DEPUTY, ADMIN})
EXPECTED: dict[str, tuple[frozenset[str] | None, frozenset[str] | None]] = {
    **dict.fromkeys(("account_login", "account_logout", "clue", "public", "happiness", "search", "public_promise"), OPEN),
    **dict.fromkeys(("field_worker", "field_manifest"), OPEN),
    **dict.fromkeys(("elsewhere", "elsewhere_back"), (EVERYBODY, None)),
    **dict.fromkeys(("account_change_password", "account_reauthenticate", "log", "ledger", "ledger_file", "reports", "report"), READ),
    **dict.fromkeys(("notices", "today", "bodies"), READ),
    **dict.fromkeys(("cadence", "errand"), READ),
    **dict.fromkeys(("packet", "exceptions"), (SIGNED_IN - {REPORTER}, SIGNED_IN - {REPORTER})),
    "inquiries": (SIGNED_IN, frozenset({DEPUTY})),
    "errands": (SIGNED_IN, frozenset({OFFICE})),
    **dict.fromkeys(("promises_csv", "promises_json", "entries_csv", "entries_json"), OPEN),
    **{f"api:{name}": (EVERYBODY, None) for name in ("promises", "promise", "entries", "promise_entries")},
    **{f"api:{name}": OPEN for name in ("api-root", "openapi-json")},
    "inquiry_answer": (None, frozenset({OFFICE})),
    "shown": (frozenset({OFFICE}), frozenset({OFFICE})),
    **dict.fromkeys(("method", "data", "data_package", "feed"), OPEN),
    **dict.fromkeys(("outlook", "cadence_one"), (OWN, OWN)),
    **dict.fromkeys(("mfa_index", "mfa_view_recovery_codes"), (SIGNED_IN, None)),
    **dict.fromkeys(("promise", "body", "evidence"), (OWN, OWN)),
    "preferences": (None, EVERYBODY),
    **dict.fromkeys(("claim", "claims"), (frozenset({REPORTER}), frozenset({REPORTER}))),
    "verify": (frozenset({VERIFIER}), frozenset({VERIFIER})),
    "reject": (frozenset({VERIFIER}), frozenset({VERIFIER})),
    "settle": (frozenset({OFFICE}), frozenset({OFFICE})),
    "amend": (frozenset({OFFICE}), frozenset({OFFICE})),
    "reopen": (frozenset({OFFICE, VERIFIER}), frozenset({OFFICE, VERIFIER})),
    "upload_new": (None, frozenset({OFFICE})),
    **dict.fromkeys(("upload", "draft"), (frozenset({OFFICE}), frozenset({OFFICE}))),
    "upload_open": (None, frozenset({OFFICE})),
    **dict.fromkeys(("verify_queue", "field", "field_tasks"), (frozenset({VERIFIER}), frozenset({VERIFIER}))),
    "field_send": (None, frozenset({VERIFIER})),
    "objection": (None, OWN),
    "objection_answer": (None, frozenset({OFFICE})),
    "clues": (frozenset({OFFICE}), frozenset({OFFICE})),
    "clue_answer": (None, frozenset({OFFICE})),
    **dict.fromkeys(("administration", "admin_bodies", "admin_people", "admin_accounts"), (frozenset({ADMIN}), frozenset({ADMIN}))),
    **dict.fromkeys(("admin_rules", "admin_calendar", "admin_years"), (frozenset({ADMIN}), frozenset({ADMIN}))),
    "admin_account": (None, frozenset({ADMIN})),
}
# The addresses at which a reporter of another body is told that the promise is not its own.
OF_A_BODY = frozenset({"promise", "outlook", "cadence_one", "body", "evidence", "objection", "claim"})


def addresses() -> Iterator[tuple[str, tuple[str, ...]]]:
    """The name of each address of the site, and what its path asks for."""

    def walk(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
        for one in resolver.url_patterns:
            if isinstance(one, URLResolver):
                yield from walk(one, f"{one.namespace}:" if one.namespace else space)
            else:
                assert isinstance(one, URLPattern)
                yield f"{space}{one.name or ''}", tuple(one.pattern.converters)

    yield from walk(get_resolver())


def test_every_address_has_an_expectation() -> None:
    without = {name for name, _asked in addresses() if not name.startswith("mfa_")} - EXPECTED.keys()
    assert not without, f"say in EXPECTED who reaches {sorted(without)}"


@pytest.fixture
def played(site: Site, tmp_path: Path) -> tuple[Site, dict[str, str]]:
    """A promise with something on every stage, and something for each address to show."""
    number = site.open("新建高标准农田")
    photo = tmp_path / "东坡.png"
    scene(4).save(photo)
    site.claim(number, "300", evidence=(photo,))
    site.verify(number, "100")
    office = Account.objects.get(username="office")
    upload = Upload.objects.create(name="报告.txt", year=2026, body=FARMING, made_by=office, state="failed")
    clue = Clue.objects.create(promise=number, text="渠道没有通水，七月二日看到的")
    objection = object_to(site.store, number, "deputy", "东坡那一片没有建成")
    values = {"number": number, "digest": sha256(photo.read_bytes()).hexdigest(), "form": "csv", "name": FARMING}
    values |= {"upload_id": str(upload.pk), "clue_id": str(clue.pk), "objection_id": str(objection.id), "report_id": "1"}
    return site, values


def reached(answer: HttpResponse) -> str:
    """What came of a request: `yes`, `no` (403), `sign in`, or `never` (405)."""
    if answer.status_code == 302 and answer["Location"].startswith("/account/login/"):
        return "sign in"
    assert answer.status_code < 500, f"{answer.request['PATH_INFO']} {answer.status_code}"
    return {403: "no", 405: "never"}.get(answer.status_code, "yes")


@pytest.mark.parametrize("subject", SUBJECTS)
def test_each_address_is_reached_by_its_roles_and_by_nobody_else(played: tuple[Site, dict[str, str]], subject: str) -> None:
    site, values = played
    role = REPORTER if subject == "other" else subject
    wrong = []
    client = site.client(subject)
    for name, asked in addresses():
        given = {key: values.get(key, "1") for key in asked}
        if name == "draft":
            given["number"] = "1"
        for verb, roles in zip(("get", "post"), EXPECTED.get(name, READ), strict=True):
            if name == "account_logout" and verb == "post":
                continue  # it ends the session of this test; tried among the sign-ins
            allowed = roles is not None and role in roles and not (subject == "other" and name in OF_A_BODY)
            before_roles = roles is None and not (name.startswith("mfa_") and not role)
            expected = "never" if before_roles else "yes" if allowed else "no" if role else "sign in"
            found = reached(getattr(client, verb)(reverse(name, kwargs=given)))
            if found != expected:
                wrong.append(f"{verb} {name}: {found}, expected {expected}")
    assert not wrong


def test_other_verbs_change_nothing(played: tuple[Site, dict[str, str]]) -> None:
    site, values = played
    before = (site.entries(), Account.objects.count(), Clue.objects.count(), len(open_objections(site.store)))
    client = site.client("office")
    for name, asked in addresses():
        given = {key: values.get(key, "1") for key in asked} | ({"number": "1"} if name == "draft" else {})
        for verb in ("put", "delete"):
            assert getattr(client, verb)(reverse(name, kwargs=given)).status_code < 500, name
    assert (site.entries(), Account.objects.count(), Clue.objects.count(), len(open_objections(site.store))) == before


def test_every_refusal_says_why_and_what_to_do(played: tuple[Site, dict[str, str]]) -> None:
    site, values = played
    for subject, address, why, remedy in (
        ("leader", f"/ledger/{values['number']}/settle/", "您的身份是领导", "由督查室办理"),
        ("other", f"/ledger/{values['number']}/", f"不是{HOUSING}的承诺", "请督查室改派"),
        ("other", f"/evidence/{values['digest']}/", f"不在{HOUSING}的账上", "只能看本单位"),
        ("other", f"/bodies/{FARMING}/", f"{FARMING}的账不是{HOUSING}的", "看本单位的"),
    ):
        page = site.client(subject).get(address)
        text = unescape(page.content.decode())
        assert page.status_code == 403, address
        assert why in text, address
        assert remedy in text, address


def test_a_reporter_finds_no_other_bodys_promise_anywhere_in_the_workbench(played: tuple[Site, dict[str, str]]) -> None:
    site, values = played
    own = site.open("改造老旧小区", "20", "个", HOUSING)
    client = site.client("other")
    for address in (
        *("/ledger/", "/ledger/?text=高标准农田", f"/ledger/?body={FARMING}", "/ledger/?sort=owed&group=body", "/ledger/?page=0"),
        *("/download/ledger.csv", f"/download/ledger.csv?body={FARMING}", "/today/", "/notices/", "/bodies/", "/log/"),
    ):
        text = client.get(address).content.decode()
        assert "新建高标准农田" not in text, address
        assert f"/ledger/{values['number']}/" not in text, address
        if address in ("/ledger/", "/today/", "/download/ledger.csv"):
            assert own in text, address
    assert own in site.client("office").get("/download/ledger.csv").content.decode()


def test_a_body_that_supports_or_has_a_part_sees_the_whole(site: Site) -> None:
    supported, divided = site.open("建成公园", "8", "个"), site.open("新建停车位")
    client = site.client("other")
    assert [client.get(f"/ledger/{number}/").status_code for number in (supported, divided)] == [403, 403]
    assign(site.store, supported, FARMING, [HOUSING])
    parts = (Part(HOUSING, "", Decimal(400), None), Part(FARMING, "", Decimal(600), None))
    split(site.store, Division(divided, parts, by="督查一"))
    page = client.get("/ledger/").content.decode()
    for number in (supported, divided):
        assert client.get(f"/ledger/{number}/").status_code == 200
        assert f"/ledger/{number}/" in page


def test_nobody_verifies_what_he_or_his_body_claimed_and_the_page_says_why(site: Site) -> None:
    number = site.open("新建高标准农田")
    site.claim(number, "100")
    add_person(site.store, "农业核查", FARMING, ("verifier",))
    add_person(site.store, "两职", FARMING, ("reporter", "verifier"))
    people = dict(site.store.rows("SELECT name, id FROM person"))
    for person in ("农业核查", "两职"):
        Account.objects.create_user(person, None, role="verifier", person_id=people[person])
        client = site.client(person)
        address = f"/ledger/{number}/verify/"
        before = site.entries()
        page = client.post(address, {**fields_of(client.get(address)), "number": "100", "text": "看过"})
        assert page.status_code == 422
        text = unescape(page.content.decode())
        try:
            verify(site.store, Order(number, by=person, text="看过"))
        except SizhangError as fault:
            assert fault.what.zh in text, "the page gives the ledger's own reason"
            assert fault.remedy.zh in text
            assert FARMING in fault.what.zh or person in fault.what.zh
        else:
            pytest.fail("the ledger took it")
        assert site.entries() == before


def test_a_file_named_in_a_refused_form_is_not_kept(site: Site) -> None:
    number = site.open("新建高标准农田")
    client = site.client("reporter")
    address = f"/ledger/{number}/claim/"
    typed = {**fields_of(client.get(address)), "number": "999999", "evidence": SimpleUploadedFile("说明.txt", "看过".encode())}
    assert client.post(address, typed).status_code == 422
    assert not site.store.rows("SELECT id FROM evidence")
