"""One self-contained page: the report's text with its commitments marked, and the list of them beside it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from sizhang.core.promise import DOMAINS, KINDS
from sizhang.intake.output.labels import (
    BASIS_LABELS,
    DOMAIN_LABELS,
    KIND_LABELS,
    MISSING_LABELS,
    SECTION_LABELS,
    STRENGTH_LABELS,
    describe_value,
    get_label,
    is_doubtful,
    join_lines,
)
from sizhang.intake.output.marked import mark_report

if TYPE_CHECKING:
    from sizhang.core.promise import DraftPromise
    from sizhang.intake.reading import Reading

_SLOT = re.compile(r"\{\{(\w+)\}\}")


def write_html(reading: Reading) -> str:
    """Write the page. Its content policy allows its own style and script, by their hashes, and no request to anywhere."""
    style, script = _read("page.css"), _read("page.js")
    title = reading.document.source + (f" · {reading.year}" if reading.year is not None else "")
    slots = {
        "title": escape(title),
        "style": style,
        "style_hash": _hash(style),
        "script": script,
        "script_hash": _hash(script),
        "summary": _summarise(reading),
        "label_parts": _both("报告结构", "Sections"),
        "label_list": _both("承诺清单", "Commitments"),
        "label_none": _both("没有符合的承诺", "No commitment fits"),
        "count": str(len(reading.promises)),
        "parts": _list_parts(reading),
        "report": mark_report(reading),
        "domains": _list_domains(reading),
        "kinds": _list_kinds(reading),
        "list": "".join(_item(number, promise) for number, promise in enumerate(reading.promises, start=1)),
    }
    # One pass, so that braces in a report's own words are never taken for a slot.
    return _SLOT.sub(lambda found: slots[found.group(1)], _read("page.html"))


def _read(name: str) -> str:
    return files("sizhang.intake.output").joinpath(name).read_text("utf-8")


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _both(chinese: str, english: str) -> str:
    return f'<span class="zh">{escape(chinese)}</span><span class="en" lang="en">{escape(english)}</span>'


def _word(table: dict[str, tuple[str, str]], code: str) -> str:
    return _both(*get_label(table, code))


def _summarise(reading: Reading) -> str:
    targets = sum(len(promise.targets) for promise in reading.promises)
    doubtful = sum(map(is_doubtful, reading.promises))
    count = len(reading.promises)
    return _both(f"{count} 条承诺 · {targets} 个指标 · {doubtful} 条存疑", f"{count} commitments · {targets} targets · {doubtful} doubtful")


def _list_parts(reading: Reading) -> str:
    starts = [0]
    for line in reading.document.text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    out = []
    for number, part in enumerate(reading.sections, start=1):
        begin, end = starts[min(part.first_line - 1, len(starts) - 1)], starts[min(part.last_line, len(starts) - 1)]
        count = sum(begin <= promise.start < end for promise in reading.promises)
        tail = _both(f"· {count} 条", f"· {count}") if count else ""
        lines = f'<span class="quiet num">{part.first_line}–{part.last_line} {_both("行", "lines")}</span>'
        out.append(f'<li class="{escape(part.name)}"><a href="#s{number}">{_word(SECTION_LABELS, part.name)}</a> {lines} {tail}</li>')
    return "".join(out)


def _button(by: str, value: str, label: str, count: int) -> str:
    return (
        f'<button type="button" aria-pressed="false" data-by="{by}" data-value="{escape(value)}">'
        f'{label} <span class="num">{count}</span></button>'
    )


def _list_domains(reading: Reading) -> str:
    counts = Counter(promise.domain for promise in reading.promises)
    order = [*DOMAINS, *sorted(counts.keys() - set(DOMAINS))]
    return "".join(_button("domain", one, _word(DOMAIN_LABELS, one), counts[one]) for one in order if counts[one])


def _list_kinds(reading: Reading) -> str:
    counts = Counter(promise.kind for promise in reading.promises)
    out = [
        _button("kind", kind, f'<span class="key {kind}">{_word(KIND_LABELS, kind)}</span>', counts[kind]) for kind in KINDS if counts[kind]
    ]
    doubtful = sum(map(is_doubtful, reading.promises))
    if doubtful:
        out.append(_button("doubtful", "1", f'<span class="flag">？</span>{_both("存疑", "doubtful")}', doubtful))
    return "".join(out)


def _item(number: int, promise: DraftPromise) -> str:
    doubtful = is_doubtful(promise)
    meta = [
        f'<span class="key {escape(promise.kind)}">{_word(KIND_LABELS, promise.kind)}</span>',
        _span(_word(DOMAIN_LABELS, promise.domain)),
    ]
    if promise.strength != "plan":
        meta.append(_span(_word(STRENGTH_LABELS, promise.strength)))
    if promise.deadline:
        meta.append(f'<span class="num">{_both("期限", "due")} {escape(promise.deadline)}</span>')
    if promise.missing:
        words = [get_label(MISSING_LABELS, one) for one in promise.missing]
        meta.append(_span(_both("缺" + "、".join(one for one, _ in words), "lacks " + ", ".join(one for _, one in words))))
    if doubtful:
        meta.append(f'<span class="flag">？{_both("存疑", "doubtful")} {promise.confidence:.0%}</span>')
    values = "".join(
        f'<span class="value num">{escape(join_lines(target.object))} {escape(describe_value(target))} '
        f'<span class="quiet">{_word(BASIS_LABELS, target.basis)}</span></span>'
        for target in promise.targets
    )
    return (
        f'<li data-p="{number}" data-domain="{escape(promise.domain)}" data-kind="{escape(promise.kind)}" data-doubtful="{int(doubtful)}">'
        f'<a href="#p{number}">{escape(join_lines(promise.text))}</a>{values}<span class="meta">{"".join(meta)}</span></li>'
    )


def _span(content: str) -> str:
    return f"<span>{content}</span>"
