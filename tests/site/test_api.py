"""The read API: exact numbers, limits held, bad questions answered with 422 and never with a fault."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sites import Site


def test_promises_and_entries_are_what_the_ledger_holds(site: Site) -> None:
    number = site.open("新建高标准农田")
    site.claim(number, "120.05")
    client = site.client()
    (promise,) = client.get("/api/v1/promises").json()
    assert promise == client.get(f"/api/v1/promises/{number}").json()
    assert (promise["pledge"], promise["claimed"], promise["unit"]) == ("1000", "120.05", "亩")
    entries = client.get(f"/api/v1/promises/{number}/entries").json()
    assert [(entry["verb"], entry["quantity"]) for entry in entries] == [("open", "1000"), ("claim", "120.05")]
    assert entries == client.get("/api/v1/entries").json()
    assert client.get("/api/v1/entries", {"after": entries[0]["seq"], "limit": 1}).json() == entries[1:]
    assert client.get("/api/v1/promises", {"domain": "urban"}).json() == []
    assert client.get("/api/v1/promises", {"year": 2026, "offset": 1}).json() == []


@pytest.mark.parametrize(
    "query",
    [
        "promises?offset=-1",
        "promises?limit=0",
        "promises?limit=1001",
        "promises?limit=x",
        "promises?year=99999999999999999999",
        "promises?body=%00",
        "entries?after=-1",
        "entries?after=99999999999999999999",
        "entries?limit=1e3",
    ],
)
def test_what_is_out_of_range_is_told(site: Site, query: str) -> None:
    answer = site.client().get(f"/api/v1/{query}")
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_unknown_promises_and_writing_are_refused(site: Site) -> None:
    client = site.client()
    assert client.get("/api/v1/promises/none").status_code == 404
    assert client.get("/api/v1/promises/none/entries").status_code == 404
    for method in (client.post, client.put, client.patch, client.delete):
        assert method("/api/v1/promises").status_code == 405


def test_openapi_names_every_bound(site: Site) -> None:
    schema = json.loads(site.client().get("/api/v1/openapi.json").content)
    integers = [
        (path, one)
        for path, calls in schema["paths"].items()
        for one in calls["get"]["parameters"]
        for kind in one["schema"].get("anyOf", [one["schema"]])
        if kind.get("type") == "integer"
    ]
    assert len(integers) >= 6
    for path, one in integers:
        kinds = one["schema"].get("anyOf", [one["schema"]])
        bounds = next(kind for kind in kinds if kind.get("type") == "integer")
        assert {"minimum", "maximum"} <= set(bounds), (path, one["name"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.integers(), st.integers())
def test_no_question_is_a_fault_of_the_server(site: Site, word: str, first: int, second: int) -> None:
    client = site.client()
    for address in (
        f"/api/v1/promises?body={quote(word)}&offset={first}&limit={second}",
        f"/api/v1/promises/{quote(word, safe='')}",
        f"/api/v1/entries?after={first}&limit={second}",
        f"/search/?text={quote(word)}&page={first}",
    ):
        assert client.get(address).status_code < 500, address
