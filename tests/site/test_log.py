"""The log that everybody who is signed in can read: what was done beside the journal, by whom, about what; appended only."""

from __future__ import annotations

import pytest
from django.db import Error, connection
from django.utils.html import strip_tags

from sites import PASSWORD, Site
from sizhang.web.models import Account, Act, Clue

NEW = "a-new-password-of-seven-words"


def lines_of(site: Site, reader: str) -> str:
    page = site.client(reader).get("/log/").content.decode()
    return " ".join(strip_tags(page.partition('id="acts"')[2].replace("</td>", " </td>")).split())


def test_signing_in_and_out_is_logged_and_a_wrong_password_is_nobodys_line(site: Site) -> None:
    client = site.client()
    client.post("/account/login/", {"login": "office", "password": "wrong"})
    assert not Act.objects.exists()
    client.post("/account/login/", {"login": "office", "password": PASSWORD})
    client.post("/account/logout/")
    assert list(Act.objects.values_list("account__username", "name")) == [("office", "signed_in"), ("office", "signed_out")]


def test_accounts_and_answers_are_logged_without_a_secret(site: Site) -> None:
    admin, office = site.client("admin"), site.client("office")
    fields = {"username": "新来的", "role": "leader", "password": NEW}
    assert admin.post("/administration/accounts/", fields | {"password": "short"}).status_code == 422
    assert not Act.objects.filter(name="admin_accounts").exists(), "what was refused was not done"
    assert admin.post("/administration/accounts/", fields).status_code == 302
    made = Account.objects.get(username="新来的")
    admin.post(f"/administration/accounts/{made.pk}/", {"password": f"{NEW}-2"})
    admin.post(f"/administration/accounts/{made.pk}/", {})
    clue = Clue.objects.create(promise=site.open("国土绿化"), text="那块地上没有树，昨天去看过。")
    assert office.post(f"/clues/{clue.pk}/", {"answer": "已派人去看。", "shown": "on"}).status_code == 302
    told = lines_of(site, "admin")
    for line in ("admin 开立账户 新来的", "admin 改账户 新来的 口令", "admin 改账户 新来的 停用", f"office 答复线索 {clue.pk}"):
        assert line in told, (line, told)
    assert NEW not in told and not Act.objects.filter(about__contains=NEW).exists()


def test_others_read_their_own_lines_only(site: Site) -> None:
    site.client("admin").post("/administration/bodies/", {"name": "市体育局"})
    assert "登记单位 市体育局" in lines_of(site, "office")
    own = lines_of(site, "leader")
    assert "leader 登录" in own and "市体育局" not in own


def test_a_line_is_neither_changed_nor_taken_out(site: Site) -> None:
    site.client("office")
    for sql in ("UPDATE act SET about = 'x'", "DELETE FROM act"):
        with pytest.raises(Error, match="appended only"), connection.cursor() as cursor:
            cursor.execute(sql)
    assert Act.objects.count() == 1
