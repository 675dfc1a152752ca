"""Reporters that post claims while others read, for bench/site.py: all through the site, as browsers do it."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import date
from http.client import HTTPConnection
from statistics import quantiles
from typing import Final
from urllib.parse import urlencode

# Readers look at a page for a second.
LOOK_S: Final = 1.0


@dataclass
class Load:
    """What reporters and readers were told: the ids that were booked, how long each post and each page took, and other answers."""

    sent: list[str] = field(default_factory=list)
    post_s: list[float] = field(default_factory=list)
    read_s: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Crowd:
    """Who posts and reads, for how long, and how long a reporter thinks between two claims."""

    name: str
    reporters: list[str]
    readers: list[str]
    seconds: int
    think_s: float


def contend(address: str, crowd: Crowd, parts: list[str]) -> Load:
    """Reporters post claims, every tenth twice under its id, while others read the ledger's first page once a second."""
    load, host, token = Load(), address.removeprefix("http://"), "t" * 32
    until = time.monotonic() + crowd.seconds

    def post(place: int, cookie: str) -> None:
        headers = {"Cookie": f"{cookie}; csrftoken={token}", "Content-Type": "application/x-www-form-urlencoded"}
        # Not all at once: people do not begin at a whistle.
        time.sleep(crowd.think_s * place / len(crowd.reporters))
        count = 0
        while time.monotonic() < until:
            client_id = f"load {crowd.name} {place} {count}"
            fields = {"client_id": client_id, "number": "0.01", "on": date.today().isoformat(), "csrfmiddlewaretoken": token}
            for _ in range(2 if count % 10 == 9 else 1):
                started = time.monotonic()
                status = ask(host, "POST", f"/ledger/{parts[place]}/claim/", urlencode(fields), headers)
                load.post_s.append(time.monotonic() - started)
                if status == 302:
                    load.sent.append(client_id)
                else:
                    load.faults.append(f"POST {status}")
            count += 1
            time.sleep(crowd.think_s)

    def read(_place: int, cookie: str) -> None:
        while time.monotonic() < until:
            started = time.monotonic()
            status = ask(host, "GET", "/ledger/", None, {"Cookie": cookie})
            load.read_s.append(time.monotonic() - started)
            if status != 200:
                load.faults.append(f"GET {status}")
            time.sleep(LOOK_S)

    threads = [threading.Thread(target=post, args=one) for one in enumerate(crowd.reporters)]
    threads += [threading.Thread(target=read, args=one) for one in enumerate(crowd.readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return load


def ask(host: str, verb: str, path: str, body: str | None, headers: dict[str, str]) -> int:
    """The status of an answer; 0 where there is none."""
    one = HTTPConnection(host, timeout=120)
    try:
        one.request(verb, path, body, headers)
        answer = one.getresponse()
        answer.read()
        return answer.status
    except OSError:
        return 0
    finally:
        one.close()


def judge(url: str, crowd: Crowd, load: Load) -> tuple[str, ...]:
    """A row of the table of loads: whether every claim that was told to be booked stands in the ledger once, and how long it took."""
    from sizhang.store.connection import open_store

    with open_store(url) as store:
        held = [client_id for (client_id,) in store.rows("SELECT client_id FROM entry WHERE client_id LIKE %s", [f"load {crowd.name} %"])]
    posts, reads = (f"{percentile(times, 95) * 1000:,.0f}" for times in (load.post_s, load.read_s))
    think = f"{crowd.think_s:g} s" if crowd.think_s else "none"
    counts = (f"{len(held):,}", f"{len(held) / crowd.seconds:,.0f}", str(len(set(load.sent) - set(held))), str(len(held) - len(set(held))))
    return (str(len(crowd.reporters)), think, str(len(crowd.readers)), str(crowd.seconds), *counts, str(len(load.faults)), posts, reads)


def percentile(times: list[float], share: int) -> float:
    """A percentile; 0 where nothing was measured."""
    return quantiles(times, n=100)[share - 1] if len(times) > 1 else 0.0
