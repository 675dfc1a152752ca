"""After a disaster: a backup restored elsewhere is a working site, on either engine."""

from __future__ import annotations

import json
import stat
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from sites import PASSWORD, Site, point_at
from sizhang.cli.main import cli
from sizhang.core.errors import InputError
from sizhang.store.backup import restore_backup, restore_site, write_backup
from sizhang.store.connection import open_store
from sizhang.web.models import Account, Decision, Draft, Inquiry, Photo, Upload


def run(*words: object) -> Any:
    result = CliRunner().invoke(cli, [*map(str, words), "--format", "json"])
    assert result.exit_code == 0, f"{result.output} {result.exception}"
    return json.loads(result.stdout)


@pytest.fixture
def busy(site: Site) -> Iterator[Site]:
    """A site with something in most of its tables."""
    number = site.open("新建高标准农田")
    office = Account.objects.get(username="office")
    Inquiry.objects.create(promise=number, account=office, text="数字有疑")
    upload = Upload.objects.create(name="报告.docx", year=2026, body="市政府督查室", made_by=office)
    draft = Draft.objects.create(upload=upload, number=1, packed="x")
    Decision.objects.create(draft=draft, account=office, decision="keep", cells={"title": "改过的标题"})
    Photo.objects.create(sha256="0" * 64, hashes="a b c d", latitude=Decimal("36.651200"), longitude=Decimal("117.120000"))
    yield site
    point_at(site.url)


def test_a_restored_site_lets_everybody_in_as_before(busy: Site, tmp_path: Path) -> None:
    backup, url = tmp_path / "city.backup", str(tmp_path / "new.db")
    run("backup", backup, "--ledger", busy.url)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert run("restore", backup, "--ledger", url)["accounts"] == Account.objects.count()
    point_at(url)
    client = Client()
    page = client.post("/account/login/", {"login": "office", "password": PASSWORD})
    assert page.status_code == 302
    assert client.get("/today/").status_code == 200
    assert Inquiry.objects.get().account.username == "office"
    assert Decision.objects.get().cells == {"title": "改过的标题"}
    assert Photo.objects.get().latitude == Decimal("36.651200")
    # What is made next gets a number of its own.
    Inquiry.objects.create(promise="2026-001", account=Account.objects.get(username="office2"), text="又一条")
    assert Inquiry.objects.count() == 2


def test_the_ledger_alone_is_restored_where_that_is_asked_for(busy: Site, tmp_path: Path) -> None:
    backup, url = tmp_path / "city.backup", str(tmp_path / "new.db")
    run("backup", backup, "--ledger", busy.url)
    assert run("restore", backup, "--ledger-only", "--ledger", url)["accounts"] == 0
    with open_store(url) as store:
        assert store.rows("SELECT COUNT(*) FROM promise") == [(1,)]


def test_a_site_moves_from_file_to_server_and_back(busy: Site, tmp_path: Path, postgresql_url: str) -> None:
    with open_store(busy.url) as store:
        write_backup(store, tmp_path / "one")
    from sizhang.cli.serve import migrate_site

    migrate_site(postgresql_url)
    restore_backup(tmp_path / "one", postgresql_url)
    assert restore_site(tmp_path / "one", postgresql_url) == Account.objects.count()
    with open_store(postgresql_url) as store:
        write_backup(store, tmp_path / "two")
        # The server numbers on behind what was entered.
        sql = "INSERT INTO clue (promise, text, made_at, answer, shown) VALUES ('2026-001', 'x', now(), '', false) RETURNING id"
        assert store.rows(sql)
    url = str(tmp_path / "back.db")
    run("restore", tmp_path / "two", "--ledger", url)
    point_at(url)
    assert Decision.objects.get().cells == {"title": "改过的标题"}
    with open_store(url) as store:
        write_backup(store, tmp_path / "three")
    assert Client().login(username="office", password=PASSWORD)
    held = []
    for name in ("one", "three"):
        with zipfile.ZipFile(tmp_path / name) as archive:
            held.append({part: archive.read(part) for part in archive.namelist() if part in ("site/account.jsonl", "site/inquiry.jsonl")})
    assert len(held[0]) == 2
    assert held[0] == held[1]


def test_a_changed_account_in_a_backup_is_found(busy: Site, tmp_path: Path) -> None:
    with open_store(busy.url) as store:
        write_backup(store, tmp_path / "sound")
    with zipfile.ZipFile(tmp_path / "sound") as sound, zipfile.ZipFile(tmp_path / "forged", "w") as forged:
        for name in sound.namelist():
            content = sound.read(name)
            forged.writestr(name, content.replace(b"office2", b"office3") if name == "site/account.jsonl" else content)
    with pytest.raises(InputError, match="changed"):
        restore_backup(tmp_path / "forged", str(tmp_path / "new.db"))


def test_the_key_of_the_site_and_the_key_of_people_are_two_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sizhang.app.init import init
    from sizhang.core.errors import LedgerError
    from sizhang.store.identity import key_path, personal_identity
    from sizhang.web import settings as ours

    url = str(tmp_path / "city.db")
    init(url)
    monkeypatch.delenv("SIZHANG_SECRET_KEY")
    monkeypatch.setattr(ours, "LEDGER", url)
    secret = ours.secret_key()
    with open_store(url) as store, store.writing():
        identity = personal_identity(store, "370101199001010011")
        assert (tmp_path / "city.db.site-key").read_text("ascii") == secret
        assert key_path(store).name == "city.db.key"
        assert personal_identity(store, "370101199001010011") == identity
        key_path(store).write_text(secret, "ascii")
        with pytest.raises(LedgerError, match="not the ledger's key"):
            personal_identity(store, "370101199001010011")
