"""Attempts are counted by all processes of the site together: with more processes nobody has more of them."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from django.core.cache import cache
from django.test import override_settings

from sites import PASSWORD, Site
from sizhang.web.models import Clue, CountKept

LOGIN = "/account/login/"
# Waits for the moment that it is told, so that two of them are at it at once.
WORKER = """
import sys, time
import sizhang.web.wsgi
from django.conf import settings
from django.core.cache import cache
from django.test import Client
settings.ALLOWED_HOSTS = ["testserver"]
print("ready", flush=True)
what, start, number = sys.stdin.readline().split()
time.sleep(max(0, float(start) - time.time()))
if what == "guess":
    done = [Client().post("/account/login/", {"login": "office", "password": f"wrong-{k}"}).status_code for k in range(4)]
elif what == "clue":
    done = [Client().post("/clue/", {"number": number, "text": f"第 {k} 处的渠道没有通水"}).status_code for k in range(6)]
else:
    done = [int(cache.add(f"key-{k}", [k, number], 60)) for k in range(40)]
print(*done)
"""


def two_processes(site: Site, what: str, number: str = "-") -> list[list[int]]:
    """What two processes of the site, which have only the database in common, get when they do the same at the same time."""
    environment = {**os.environ, "SIZHANG_LEDGER": site.url}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": environment}
    running = [subprocess.Popen([sys.executable, "-c", WORKER], **pipes) for _ in range(2)]  # type: ignore[call-overload]
    try:
        for one in running:
            assert one.stdout.readline() == "ready\n"
        start = time.time() + 0.2
        for one in running:
            one.stdin.write(f"{what} {start} {number}\n")
            one.stdin.flush()
        return [[int(word) for word in one.communicate(timeout=60)[0].split()] for one in running]
    finally:
        for one in running:
            one.kill()
            one.wait()


def test_one_of_two_processes_keeps_a_key_and_the_other_is_told(site: Site) -> None:
    first, second = two_processes(site, "add")
    assert [a + b for a, b in zip(first, second, strict=True)] == [1] * 40


def test_guesses_in_two_processes_are_counted_together(site: Site) -> None:
    two_processes(site, "guess")
    client = site.client()
    client.post(LOGIN, {"login": "office", "password": PASSWORD})
    assert client.get("/ledger/").status_code == 302, "signed in after eight failures in two processes"
    client.post(LOGIN, {"login": "verifier", "password": PASSWORD})
    assert client.get("/ledger/").status_code == 200


def test_two_processes_take_five_clues_of_a_day_from_one_address(site: Site) -> None:
    number = site.open("新建高标准农田")
    answers = [code for one in two_processes(site, "clue", number) for code in one]
    assert Clue.objects.count() == answers.count(302) == 5
    assert answers.count(422) == 7


@override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1)
def test_behind_the_proxy_clues_are_counted_by_the_client_and_not_by_the_proxy(site: Site) -> None:
    number = site.open("新建高标准农田")
    client = site.client()

    def send(forwarded: str) -> int:
        return client.post(
            "/clue/", {"number": number, "text": "渠道没有通水，七月二日"}, headers={"x-forwarded-for": forwarded}
        ).status_code

    assert [send("203.0.113.7") for _ in range(6)] == [302] * 5 + [422]
    assert send("203.0.113.8") == 302
    assert send("198.51.100.1, 203.0.113.7") == 422, "what the client says of itself counts for nothing"


def test_what_has_run_out_is_gone_and_what_is_kept_is_no_program(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.set("short", [1.5, "字"], 0.05)
    assert CountKept.objects.get().value == '[1.5, "\\u5b57"]'
    assert not cache.add("short", 2, 60)
    assert cache.get("short") == [1.5, "字"]
    time.sleep(0.06)
    assert cache.get("short", "none") == "none"
    assert not cache.touch("short", 60)
    assert cache.add("short", 2, 0.01)
    time.sleep(0.02)
    monkeypatch.setattr("sizhang.web.counts._SWEEP_EVERY", 1)
    cache.set("other", 1, 60)
    assert list(CountKept.objects.values_list("name", flat=True)) == [":1:other"]
    assert cache.delete("other")
    assert not cache.delete("other")
