"""The site as it is set up: hosts, faults without a traceback, Django's own check, no ledger, the key, no secret in the repository."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sites import Site, check_nothing_inline

ROOT = Path(__file__).resolve().parents[2]


def test_another_host_is_not_answered(site: Site) -> None:
    page = site.client().get("/", headers={"host": "elsewhere.example"})
    assert page.status_code == 400
    assert "elsewhere.example" not in page.content.decode()
    assert "这个请求读不懂" in page.content.decode()


def test_pages_of_faults_are_ours_and_show_no_traceback(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "没有这一页" in site.client().get("/nowhere/").content.decode()
    assert site.client().get("/promises/2026-999/").status_code == 404

    def broken(*_args: object) -> None:
        raise RuntimeError("the-inside-of-the-program")

    monkeypatch.setattr("sizhang.web.views.public.read_promises", broken, raising=False)
    monkeypatch.setattr("sizhang.web.views.today.tasks_of", broken)
    client = site.client("office")
    client.raise_request_exception = False
    page = client.get("/today/")
    text = page.content.decode()
    assert page.status_code == 500
    assert "账上没有任何变动" in text
    assert "怎么办" in text
    assert "the-inside-of-the-program" not in text
    assert "Traceback" not in text
    check_nothing_inline(text)


def run(*words: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SIZHANG", "DJANGO"))}
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=folder, env=kept | environment, capture_output=True, text=True, timeout=60, check=False
    )


OIDC = {"SIZHANG_OIDC_ISSUER": "https://id.example/city", "SIZHANG_OIDC_CLIENT_ID": "site", "SIZHANG_OIDC_CLIENT_SECRET": "between-us"}


@pytest.mark.parametrize("more", [{}, OIDC], ids=["alone", "with a provider"])
def test_django_finds_nothing_to_say_against_the_deployment(tmp_path: Path, more: dict[str, str]) -> None:
    done = run("sizhang.web", "check", "--deploy", "--fail-level", "INFO", folder=tmp_path, SIZHANG_HTTPS="1", **more)
    assert done.returncode == 0, done.stderr
    assert "0 silenced" in done.stdout
    assert not list(tmp_path.iterdir()), "a check makes nothing"


@pytest.mark.parametrize(
    "words",
    [
        ("sizhang.web", "migrate"),
        ("sizhang.web", "account", "x", "--role", "leader"),
        ("gunicorn", "sizhang.web.wsgi", "-b", "127.0.0.1:0"),
    ],
)
def test_without_a_ledger_it_says_so_and_makes_nothing(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = run(*words, folder=tmp_path, SIZHANG_LEDGER="nothing.ledger")
    assert done.returncode != 0
    assert "There is no ledger here." in done.stderr
    assert "sizhang --ledger nothing.ledger init" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("words", [("sizhang.web", "check"), ("gunicorn", "sizhang.web.wsgi", "-b", "127.0.0.1:0")])
def test_a_provider_that_is_named_by_half_is_told_before_anything_starts(site: Site, tmp_path: Path, words: tuple[str, ...]) -> None:
    half = {name: value for name, value in OIDC.items() if name != "SIZHANG_OIDC_CLIENT_SECRET"}
    done = run(*words, folder=tmp_path, SIZHANG_LEDGER=site.url, **half)
    assert done.returncode != 0
    assert "SIZHANG_OIDC_CLIENT_SECRET" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_key_is_made_once_beside_the_ledger_and_read_by_its_owner_alone(site: Site, tmp_path: Path) -> None:
    folder = Path(site.url).parent
    code = "-c", "from sizhang.web import settings; print(settings.SECRET_KEY)"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SIZHANG", "DJANGO"))}
    made = [
        subprocess.Popen([sys.executable, *code], cwd=folder, env=kept | {"SIZHANG_LEDGER": site.url}, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    keys = {one.communicate(timeout=60)[0].strip() for one in made}
    assert len(keys) == 1
    (key,) = keys
    path = Path(f"{site.url}.site-key")
    assert path.read_text() == key
    assert len(key) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in folder.glob("*key*")] == [path.name]


def test_the_repository_keeps_no_secret() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a checkout of git: the files that belong to the repository cannot be told")
    names = listed.stdout.splitlines()
    assert not [name for name in names if name.endswith((".key", ".pem", ".ledger", ".env", ".p12"))]
    given = re.compile(r"""(?:-----BEGIN [A-Z ]*PRIVATE KEY|(?:SECRET_KEY|PASSWORD|TOKEN|_SECRET)\s*=\s*["'][^"']{8,}["'])""")
    tests_only = {"tests/sites.py", "tests/site/test_safety.py"}
    held = [name for name in names if name.endswith((".py", ".md", ".toml", ".yml", ".yaml", ".cfg", ".sh")) and name not in tests_only]
    assert not [name for name in held if given.search((ROOT / name).read_text("utf-8", errors="replace"))]
