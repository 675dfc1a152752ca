"""Time the reading and its peers over the same text, in one run of one process.

Each pass is timed in seconds of processor time per MB of UTF-8, in rounds that visit every pass, so that a busy machine slows all of
them alike; the median of the rounds counts. Peers that are slow get the first tenth of the lines, and the table says so.
"""

from __future__ import annotations

import platform
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

ROUNDS = 3
SLOW_SHARE = 10
ROOT = Path(__file__).resolve().parents[1]
FIGURES = ROOT / "docs/figures.md"

# Reads the files one by one in a process of its own and prints the peak of its memory in KiB (bytes on macOS).
_MEMORY = """
import resource, sys
from pathlib import Path
from sizhang.intake.readers import read_file
from sizhang.intake.reading import read_document
for name in sys.argv[1:]:
    read_document(read_file(Path(name)))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@dataclass(frozen=True)
class Pass:
    """One way over the text.

    Attributes:
        work: what is timed.
        megabytes: size of the text it goes over, in MB (10^6 bytes) of UTF-8.
    """

    name: str
    work: Callable[[], object]
    megabytes: float


def speed(shared: Path) -> str:
    """Time everything and give it as a piece of Markdown.

    Memory is measured first: a process's peak includes what its parent held when it was started.
    """
    paths = sorted((shared / "reports/provinces2026").glob("*.txt"))
    memory, start_up = peak_memory(paths), help_seconds()
    texts = [path.read_text("utf-8") for path in paths]
    passes = [*our_passes(texts), *peer_passes(texts)]
    rounds = [[seconds_per_mb(one) for one in passes] for _ in range(ROUNDS)]
    medians = {one.name: statistics.median(seconds) for one, seconds in zip(passes, zip(*rounds, strict=True), strict=True)}
    jieba = next((seconds for name, seconds in medians.items() if name.startswith("jieba")), None)
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    lines = [
        f"Seconds of processor time per MB of UTF-8, one core, {len(texts)} reports ({megabytes:.2f} MB), all in the same run; medians of"
        f" {ROUNDS} rounds.",
        "",
        "| pass | s/MB | against jieba |",
        "| --- | --- | --- |",
        *(f"| {name} | {seconds:.3f} | {f'{seconds / jieba:.2f}' if jieba else '–'} |" for name, seconds in medians.items()),
        "",
        f"`sizhang --help` takes {start_up:.2f} s from start to end. A fresh process that reads the {len(texts)} reports one by one"
        f" peaks at {memory:.0f} MB of memory.",
        f"Python {platform.python_version()} on {platform.system()} {platform.machine()}.",
    ]
    ratios = [seconds[0] / seconds[2] for seconds in rounds] if jieba else []
    if ratios:
        lines.insert(-1, f"Full reading against jieba was {min(ratios):.2f} to {max(ratios):.2f} over the rounds.")
    return "\n".join(lines)


def seconds_per_mb(one: Pass) -> float:
    start = time.process_time()
    one.work()
    return (time.process_time() - start) / one.megabytes


def our_passes(texts: list[str]) -> list[Pass]:
    from sizhang.intake.document import document_of_lines
    from sizhang.intake.quantities import find_quantities
    from sizhang.intake.reading import read_document

    whole = "\n".join(texts)
    megabytes = len(whole.encode()) / 1e6
    read_document(document_of_lines(texts[0]))  # loads the models, which is start-up and not speed
    return [
        Pass("full reading", lambda: [read_document(document_of_lines(text)) for text in texts], megabytes),
        Pass("numbers alone", lambda: [find_quantities(line) for line in whole.split("\n")], megabytes),
    ]


def peer_passes(texts: list[str]) -> list[Pass]:
    """The passes of other libraries; without the `bench` group there are none and the table has no ratios."""
    try:
        import jieba

        with redirect_stdout(StringIO()):  # jionlp greets on standard output
            import jionlp
        from recognizers_number import Culture, NumberRecognizer
    except ImportError as missing:
        print(f"{missing.name} is not installed: no peers. `make bench` installs the group `bench`.", file=sys.stderr)
        return []
    jieba.setLogLevel(60)
    jieba.initialize()
    numbers = NumberRecognizer(Culture.Chinese).get_number_model()
    whole = "\n".join(texts)
    lines = first_share(whole.split("\n"), SLOW_SHARE)
    size, part = len(whole.encode()) / 1e6, len("\n".join(lines).encode()) / 1e6
    tenth = f"first {part / size:.0%} of the text"
    each: list[tuple[str, Callable[[str], Any]]] = [
        (f"jionlp, times line by line ({tenth})", jionlp.ner.extract_time),
        (f"recognizers-text, numbers line by line ({tenth})", numbers.parse),
    ]
    for _, work in each:
        work(lines[0])
    return [
        Pass("jieba, segmentation only", lambda: list(jieba.cut(whole)), size),
        *(Pass(name, lambda work=work: [work(line) for line in lines if line], part) for name, work in each),  # type: ignore[misc]
    ]


def first_share(lines: list[str], share: int) -> list[str]:
    """The first lines that together hold one `share`-th of the characters."""
    wanted, held = sum(map(len, lines)) / share, 0
    for count, line in enumerate(lines, start=1):
        held += len(line)
        if held >= wanted:
            return lines[:count]
    return lines


def peak_memory(paths: list[Path]) -> float:
    """MB (10^6 bytes) at the peak of a fresh process that reads the files one by one."""
    done = subprocess.run([sys.executable, "-c", _MEMORY, *map(str, paths)], check=True, capture_output=True, text=True)
    return int(done.stdout) * (1 if sys.platform == "darwin" else 1024) / 1e6


def help_seconds() -> float:
    """Seconds on the clock, median, from the start of `sizhang --help` to its end."""
    program = str(Path(sys.executable).with_name("sizhang"))
    seconds = []
    for _ in range(2 * ROUNDS):
        start = time.perf_counter()
        subprocess.run([program, "--help"], check=True, capture_output=True)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def write_figures(name: str, table: str) -> None:
    """Put a table between its markers on the page of figures; the prose around it stays.

    Raises:
        SystemExit: when the page has not exactly one pair of markers of that name.
    """
    page = FIGURES.read_text("utf-8")
    block = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.S)
    new, count = block.subn(lambda found: f"{found[1]}{table}\n{found[2]}", page)
    if count != 1:
        sys.exit(f"{FIGURES.name} has {count} pairs of markers <!-- {name} --> … <!-- /{name} -->, needed is 1: put them back.")
    FIGURES.write_text(new, "utf-8")
