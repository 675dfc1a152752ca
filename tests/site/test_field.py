"""The field form's server: what it gives to the device, and findings that are sent twice, by another account, or wrong."""

from __future__ import annotations

import pytest

from sites import Site


@pytest.fixture
def claimed(site: Site) -> tuple[Site, str]:
    """A promise with ten lots that wait to be verified."""
    number = site.open("新建高标准农田")
    site.claim(number, "10", tuple(f"地块{place}" for place in range(10)))
    return site, number


def finding(number: str, **changed: str) -> dict[str, str]:
    return {
        "client_id": "field-1",
        "account": "verifier",
        "verb": "verify",
        "promise": number,
        "text": "到场看过",
        "lots": "地块1\n地块2",
        "found_at": "2026-07-08 10:22+08:00",
        "latitude": "37.5",
        "longitude": "112.25",
        "accuracy_m": "12.4",
        **changed,
    }


def test_a_finding_sent_twice_is_booked_once_with_its_place(claimed: tuple[Site, str]) -> None:
    site, number = claimed
    client = site.client("verifier")
    first = client.post("/field/send/", finding(number))
    assert first.status_code == 200, first.content.decode()
    again = client.post("/field/send/", finding(number))
    assert (first.json()["again"], again.json()["again"]) == (False, True)
    assert first.json()["seq"] == again.json()["seq"]
    assert site.standing(number)[1:3] == (800, 200)
    text = site.store.rows("SELECT text FROM entry ORDER BY seq DESC LIMIT 1")[0][0]
    assert text == "到场看过 [2026-07-08 10:22+08:00 37.500000,112.250000 ±12 m]"


def test_a_finding_against_the_claim_gives_it_back(claimed: tuple[Site, str]) -> None:
    site, number = claimed
    assert site.client("verifier").post("/field/send/", finding(number, verb="reject")).status_code == 200
    assert site.standing(number)[:3] == (99_200, 800, 0)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"account": "somebody"}, 422),
        ({"client_id": ""}, 422),
        ({"lots": "地块99"}, 422),
        ({"latitude": "91", "longitude": "0"}, 422),
        ({"latitude": "north"}, 422),
        ({"promise": "2026-999"}, 422),
    ],
)
def test_a_faulty_finding_is_told_and_books_nothing(claimed: tuple[Site, str], changed: dict[str, str], status: int) -> None:
    site, number = claimed
    before = site.entries()
    answer = site.client("verifier").post("/field/send/", finding(number, **changed))
    assert answer.status_code == status
    assert answer.json()["remedy"]
    assert site.entries() == before


def test_only_a_verifier_reaches_it_and_the_worker_keeps_to_its_form(site: Site) -> None:
    for username in ("office", "reporter", "leader", "deputy", "admin"):
        assert site.client(username).get("/field/tasks.json").status_code == 403
    assert site.client().get("/field/tasks.json").status_code == 302
    worker = site.client().get("/field/sw.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert '"/field/"' in worker.content.decode()
    assert site.client().get("/field/manifest.webmanifest").json()["scope"] == "/field/"


def test_the_device_gets_the_drawn_lots_first(claimed: tuple[Site, str]) -> None:
    site, number = claimed
    tasks = site.client("verifier").get("/field/tasks.json").json()
    assert tasks["account"] == "verifier"
    (task,) = tasks["tasks"]
    assert task["number"] == number
    assert sorted(task["drawn"] + task["lots"]) == sorted(f"地块{place}" for place in range(10))


def test_everything_that_the_device_keeps_is_there(site: Site) -> None:
    """One missing file, and the form could not be installed at all."""
    import json
    import re

    from django.contrib.staticfiles.finders import find

    shell = json.loads(re.search(r"SHELL = (\[.*\]);", site.client().get("/field/sw.js").content.decode())[1])  # type: ignore[index]
    client = site.client("verifier")
    for path in shell:
        if path.startswith("/static/"):
            assert find(path.removeprefix("/static/")), path
        else:
            assert client.get(path).status_code == 200, path
