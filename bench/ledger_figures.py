"""The tables and the plot of the ledger's benchmark, written into the page between its markers."""

from __future__ import annotations

import math
import platform
from pathlib import Path
from typing import Any

Figures = dict[str, Any]
_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 640, 360, 70, 50


def write_figures(figures: Figures, docs: Path) -> None:
    """Replace what stands between the markers of docs/figures-ledger.md, and draw docs/pictures/ledger.svg."""
    page = docs / "figures-ledger.md"
    text = page.read_text("utf-8")
    for name, table in (("writing", writing_table(figures["writing"])), ("sizes", size_tables(figures["sizes"]))):
        before, _, rest = text.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition("<!-- end -->")
        text = f"{before}<!-- {name} -->\n{table}{end}{after}"
    page.write_text(text, "utf-8")
    (docs / "pictures" / "ledger.svg").write_text(plot(figures["sizes"]), "utf-8")


def writing_table(writing: Figures) -> str:
    """Each writer into an empty and into a full ledger, and how ours stands to it."""
    tables = writing["tables"]
    about = f"Python {platform.python_version()}, {platform.machine()}; {writing['count']:,} claims in batches of 10,000, "
    about += f"{max(writing['count'] // 50, 200):,} claims one by one; medians of {writing['rounds']} rounds taken in turn.\n"
    held = [f"{table['standing']:,} entries" if table["standing"] else "empty" for table in tables]
    head = "| writer | " + " | ".join(f"into {name}: entries/s | ours ÷ it" for name in held) + " |"
    out = [about, head, "| --- |" + " ---: |" * 2 * len(tables)]
    for engine in ("sqlite", "postgresql"):
        for name in dict.fromkeys(name for table in tables for name in table[engine]):
            out.append(f"| {engine}: {name} | " + " | ".join(_writer(table[engine], name) for table in tables) + " |")
    return "\n".join(out) + "\n"


def _writer(rates: Figures, name: str) -> str:
    rate, own = rates.get(name), rates["single ours" if name.startswith("single") else "ours"]
    return f"{rate:,.0f} | {own / rate:.2f}" if rate else "– | –"


def size_tables(sizes: list[Figures]) -> str:
    """How the figures grow with the ledger."""
    head = "| | " + " | ".join(f"{size['entries']:,}" for size in sizes) + " |"
    lines = [head, "| --- |" + " ---: |" * len(sizes)]

    def row(name: str, cells: list[str]) -> None:
        lines.append(f"| {name} | " + " | ".join(cells) + " |")

    row("built, entries/s, every verb", [f"{size['built/s']:,.0f}" for size in sizes])
    row("bytes an entry", [f"{size['bytes'] / size['entries']:,.0f}" for size in sizes])
    row("columns made the first time, s", [f"{size['columns first s']:.2f}" for size in sizes])
    for name in sizes[0]["warm ms"]:
        row(f"warm, ms: {name}", [f"{size['warm ms'][name]:.3f}" for size in sizes])
    names = {name: None for size in sizes for name in size["process"]}
    for name in names:
        cells = [size["process"].get(name) for size in sizes]
        row(f"process: {name}", [f"{cell['seconds']:.2f} s, {cell['mb']:,.0f} MB" if cell and cell["ok"] else "–" for cell in cells])
    row("check, full replay", [f"{size['check']['seconds']:.1f} s, {size['check']['mb']:,.0f} MB" for size in sizes])
    return "\n".join(lines) + "\n\n![Growth of the answers with the ledger](pictures/ledger.svg)\n"


def plot(sizes: list[Figures]) -> str:
    """Milliseconds against entries, both logarithmic, one line for each question."""
    lines = {
        name: [(size["entries"], size["warm ms"][name]) for size in sizes] for name in ("year", "month", "day", "one promise at a date")
    }
    lines["check (s)"] = [(size["entries"], 1e3 * size["check"]["seconds"]) for size in sizes]
    low_x, high_x = math.log10(sizes[0]["entries"]), math.log10(max(sizes[-1]["entries"], 10 * sizes[0]["entries"]))
    low_y, high_y = -3, 5

    def at(entries: float, ms: float) -> tuple[float, float]:
        x = _LEFT + (math.log10(entries) - low_x) / (high_x - low_x) * (_WIDTH - _LEFT - 150)
        y = _HEIGHT - _BOTTOM - (math.log10(max(ms, 1e-3)) - low_y) / (high_y - low_y) * (_HEIGHT - _BOTTOM - 20)
        return round(x, 1), round(y, 1)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="12">']
    out.append('<rect width="100%" height="100%" fill="white"/>')
    for power in range(low_y, high_y + 1):
        _, y = at(10**low_x, 10.0**power)
        out.append(f'<line x1="{_LEFT}" x2="{_WIDTH - 150}" y1="{y}" y2="{y}" stroke="#ddd"/>')
        out.append(f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{10.0**power:g} ms</text>')
    for entries, _ in lines["year"]:
        x, _ = at(entries, 1)
        out.append(f'<text x="{x}" y="{_HEIGHT - 25}" text-anchor="middle">{entries:,}</text>')
    out.append(f'<text x="{_WIDTH / 2 - 40}" y="{_HEIGHT - 6}" text-anchor="middle">分录数 entries</text>')
    for colour, (name, points) in zip(("#1b6", "#26c", "#c62", "#818", "#555"), lines.items(), strict=True):
        places = [at(*point) for point in points]
        out.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{" ".join(f"{x},{y}" for x, y in places)}"/>')
        out += [f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in places]
        out.append(f'<text x="{places[-1][0] + 8}" y="{places[-1][1] + 4}" fill="{colour}">{name}</text>')
    return "\n".join([*out, "</svg>\n"])
