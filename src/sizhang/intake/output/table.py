"""A table for the terminal: counts per domain, then every promise."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sizhang.core.promise import DOMAINS, KINDS
from sizhang.intake.output.labels import DOMAIN_LABELS, KIND_LABELS, describe_value, get_both, get_label, is_doubtful, join_lines

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from sizhang.core.promise import DraftPromise
    from sizhang.intake.reading import Reading


def print_table(reading: Reading, console: Console | None = None) -> None:
    """Print the counts per domain and the promises of `reading` on `console` (standard output by default)."""
    from rich.console import Console
    from rich.text import Text

    console = console or Console()
    year = f" · {reading.year}" if reading.year is not None else ""
    targets = sum(len(promise.targets) for promise in reading.promises)
    doubtful = sum(map(is_doubtful, reading.promises))
    console.print(Text(f"{reading.document.source}{year}", style="bold"))
    console.print(f"承诺 {len(reading.promises)} · 指标 {targets} · 存疑 {doubtful}   (commitments · targets · doubtful)")
    if reading.promises:
        console.print(_counts(reading))
        console.print(_promises(reading))


def write_table(reading: Reading, width: int = 100) -> str:
    """Write the same tables as plain text, `width` columns wide, without colours."""
    import io

    from rich.console import Console

    out = io.StringIO()
    print_table(reading, Console(file=out, width=width, color_system=None, force_terminal=False, highlight=False))
    return out.getvalue()


def _counts(reading: Reading) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, show_footer=True)
    table.add_column("领域 Domain", "合计 Total")
    by_domain: dict[str, Counter[str]] = {}
    for promise in reading.promises:
        by_domain.setdefault(promise.domain, Counter())[promise.kind] += 1
    for kind in KINDS:
        table.add_column("\n".join(get_label(KIND_LABELS, kind)), str(sum(one[kind] for one in by_domain.values())), justify="right")
    table.add_column("合计\nall", str(len(reading.promises)), justify="right", style="bold")
    order = [*DOMAINS, *sorted(by_domain.keys() - set(DOMAINS))]
    for domain in (one for one in order if one in by_domain):
        count = by_domain[domain]
        table.add_row(get_both(DOMAIN_LABELS, domain), *(str(count[kind] or "·") for kind in KINDS), str(count.total()))
    return table


def _promises(reading: Reading) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD)
    table.add_column("序号\nNo.", justify="right", style="dim")
    table.add_column("承诺 Commitment", ratio=3, overflow="fold")
    table.add_column("类型\nKind", no_wrap=True)
    table.add_column("领域\nDomain", no_wrap=True)
    table.add_column("指标 Target", ratio=2, overflow="fold")
    table.add_column("期限\nDue", no_wrap=True)
    for number, promise in enumerate(reading.promises, start=1):
        table.add_row(str(number), *_cells(promise))
    return table


def _cells(promise: DraftPromise) -> tuple[str | Text, ...]:
    from rich.text import Text

    # Text objects, because a report's own square brackets would be read as rich's markup.
    words = Text(join_lines(promise.text))
    if is_doubtful(promise):
        words.append(f" ？存疑 {promise.confidence:.0%}", style="red")
    targets = "\n".join(f"{describe_value(target)} {join_lines(target.object)}".rstrip() for target in promise.targets)
    kind, domain = get_label(KIND_LABELS, promise.kind)[0], get_label(DOMAIN_LABELS, promise.domain)[0]
    return words, kind, domain, Text(targets), promise.deadline or ""
