"""The report's text as sections and lines of HTML, with every commitment and every number of it marked."""

from __future__ import annotations

from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

from sizhang.intake.output.labels import BASIS_LABELS, SECTION_LABELS, describe_value, get_label, is_doubtful, join_lines

if TYPE_CHECKING:
    from sizhang.core.promise import DraftPromise, Target
    from sizhang.intake.reading import Reading


def mark_report(reading: Reading) -> str:
    """Write every line of the report, in its section, with the commitments marked. Blank lines are left out."""
    text = reading.document.text
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    promises = sorted(enumerate(reading.promises, start=1), key=lambda pair: (pair[1].start, pair[1].end))
    out, done, at = [], 0, 0
    for number, part in enumerate(reading.sections, start=1):
        if part.first_line - 1 > done:
            out.append(_section("", "other", _lines(text, starts[done : part.first_line], promises)))
        last = min(part.last_line, len(lines))
        out.append(_section(f"s{number}", part.name, _lines(text, starts[max(part.first_line - 1, done) : last + 1], promises)))
        done, at = max(done, last), number
    if done < len(lines):
        out.append(_section(f"s{at + 1}", "other", _lines(text, starts[done:], promises)))
    return "".join(out)


def _section(name: str, kind: str, body: str) -> str:
    if not body:
        return f'<section id="{name}"></section>' if name else ""
    chinese, english = get_label(SECTION_LABELS, kind)
    title = f'<h2><span class="zh">{escape(chinese)}</span><span class="en" lang="en">{escape(english)}</span></h2>'
    identity = f' id="{name}"' if name else ""
    return f'<section{identity} class="{escape(kind)}">{title}{body}</section>'


def _lines(text: str, starts: list[int], promises: list[tuple[int, DraftPromise]]) -> str:
    out, first = [], 0
    for begin, after in pairwise(starts):
        end = after - 1
        if not text[begin:end].strip():
            continue
        while first < len(promises) and promises[first][1].end <= begin:
            first += 1
        head = ' class="head"' if text[begin:end].lstrip().startswith("#") else ""
        out.append(f"<p{head}>{_line(text, begin, end, promises[first:])}</p>")
    return "".join(out)


def _line(text: str, begin: int, end: int, promises: list[tuple[int, DraftPromise]]) -> str:
    out, at = [], begin
    for number, promise in promises:
        if promise.start >= end:
            break
        start, stop = max(promise.start, at), min(promise.end, end)
        if start >= stop:
            continue
        out.append(escape(text[at:start]))
        out.append(_mark(text, start, stop, number, promise))
        at = stop
    out.append(escape(text[at:end]))
    return "".join(out)


def _mark(text: str, start: int, stop: int, number: int, promise: DraftPromise) -> str:
    doubtful = is_doubtful(promise)
    # A commitment broken by the column is several marks; the first carries the name that the list points at.
    name = f' id="p{number}"' if start == promise.start else ""
    flag = f'<span class="flag" title="存疑 doubtful {promise.confidence:.0%}">？</span>' if doubtful and stop == promise.end else ""
    out, at = [], start
    for target in sorted(promise.targets, key=lambda one: one.start):
        low, high = max(target.start, at), min(target.end, stop)
        if low >= high:
            continue
        out.append(escape(text[at:low]))
        out.append(_number(escape(text[low:high]), target))
        at = high
    out.append(escape(text[at:stop]))
    return (
        f'<mark{name} class="{escape(promise.kind)}" data-p="{number}" data-domain="{escape(promise.domain)}" '
        f'data-kind="{escape(promise.kind)}" data-doubtful="{int(doubtful)}">{"".join(out)}{flag}</mark>'
    )


def _number(content: str, target: Target) -> str:
    chinese, english = get_label(BASIS_LABELS, target.basis)
    value, thing = describe_value(target), join_lines(target.object)
    told = {"zh": f"{thing}\n{value} · {chinese}", "en": f"{thing}\n{value} · {english}"}
    data = " ".join(f'data-{lang}="{escape(words.strip())}"' for lang, words in told.items())
    return f'<span class="n" tabindex="0" {data}>{content}<span class="say">（{escape(told["zh"])}）</span></span>'
