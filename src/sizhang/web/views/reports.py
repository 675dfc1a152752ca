"""Reports 报告: the text from which promises were opened, each commitment coloured by its state."""

from __future__ import annotations

from itertools import pairwise

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from sizhang.core.day import this_day
from sizhang.core.ledger import Balance
from sizhang.store.registers import load_bodies
from sizhang.web.access import needs
from sizhang.web.ledger import get_ledger
from sizhang.web.models import Upload
from sizhang.web.overview import overview_of, rows_of_year
from sizhang.web.rows import Row


@needs("read")
def reports(request: HttpRequest) -> HttpResponse:
    """All reports of the ledger."""
    sql = (
        "SELECT r.id, r.name, r.sha256, MIN(p.year), COUNT(*) FROM report r JOIN promise p ON p.report_id = r.id AND p.parent_id IS NULL "
        "GROUP BY r.id, r.name, r.sha256 ORDER BY r.id"
    )
    uploads = list(Upload.objects.exclude(state="opened").order_by("-id")[:50])
    facts = {"reports": get_ledger().rows(sql), "uploads": uploads, "bodies": sorted(load_bodies(get_ledger())), "year": this_day().year}
    return render(request, "reports.html", facts)


@needs("read")
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    """One report, its paragraphs with the commitments in them."""
    store = get_ledger()
    found = store.rows("SELECT name, text FROM report WHERE id = %s", [report_id])
    if not found:
        raise Http404
    name, text = found[0]
    sql = "SELECT number, source_start, source_end FROM promise WHERE report_id = %s AND parent_id IS NULL ORDER BY source_start"
    spans = [(int(start), int(end), number) for number, start, end in store.rows(sql, [report_id])]
    overview = overview_of(store)
    years = {overview.promises[number].year for _start, _end, number in spans}
    states = states_of([row for year in years for row in rows_of_year(store, year, overview.version)])
    return render(request, "report.html", {"name": name, "paragraphs": paragraphs_of(text, spans, states)})


def states_of(rows: list[Row]) -> dict[str, str]:
    """For each sentence's promise the state of all its targets together: settled, verified, claimed or owed, the least of them."""
    order = ("owed", "claimed", "verified", "settled")
    out: dict[str, str] = {}
    for row in rows:
        number = row.promise.number.partition(".")[0]
        state = state_of(row.balance)
        out[number] = min(out.get(number, state), state, key=order.index)
    return out


def state_of(balance: Balance) -> str:
    """The stage at which the least advanced part of a promise stands."""
    for state, steps in (("owed", balance.promised - balance.surplus), ("claimed", balance.claimed), ("verified", balance.verified)):
        if steps > 0:
            return state
    return "settled"


def paragraphs_of(text: str, spans: list[tuple[int, int, str]], states: dict[str, str]) -> list[list[tuple[str, str, str, int]]]:
    """The lines of a report as runs: words, and for a commitment its number, its state and where it begins.

    A commitment that runs over a line's end is marked on both lines.
    """
    cuts = {0, len(text), *(place for start, end, _number in spans for place in (start, end))}
    for place, character in enumerate(text):
        if character == "\n":
            cuts |= {place, place + 1}
    at = {start: (end, number) for start, end, number in spans}
    out: list[list[tuple[str, str, str, int]]] = [[]]
    current, until = "", 0
    for start, end in pairwise(sorted(cuts)):
        if start in at:
            until, current = at[start]
        if start >= until:
            current = ""
        words = text[start:end]
        if words == "\n":
            out.append([])
        elif words:
            out[-1].append((words, current, states.get(current, ""), start))
    return [line for line in out if any(words.strip() for words, *_rest in line)]
