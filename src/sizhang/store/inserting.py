"""Write the rows of a batch in the fewest statements that the engine takes.

A statement has a price of its own: on SQLite, where laws hang on the table, it is as high as that of the row. So a statement takes many
rows, and what is the same in all rows of a batch is given once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Final

from sizhang.store.connection import Store

COLUMNS: Final = (
    *("seq", "client_id", "promise_id", "verb", "source", "target", "steps", "effective_on", "recorded_at", "person_id", "body_id"),
    *("text", "surplus", "evidence", "lots", "hash"),
)
_INSERT: Final = f"INSERT INTO entry ({', '.join(COLUMNS)}) VALUES "
_MARKS: Final = f"({', '.join(['%s'] * len(COLUMNS))})"
_MOVE_HEAD: Final = "UPDATE head SET seq = %s, hash = %s WHERE id = 1"
# Rows of one statement on SQLite: of more the price of the statement is no longer felt.
_TOGETHER: Final = 100
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
# Below this many rows a COPY costs more than it saves.
_COPY_FROM: Final = 20


def insert_entries(store: Store, columns: Sequence[Sequence[object]]) -> None:
    """Append entries, given as the columns of `COLUMNS`, and move the head of the chain to the last of them.

    Raises:
        Store.refusals: the database refuses one of them; none is appended.
    """
    move_head = (_MOVE_HEAD, [columns[0][-1], columns[-1][-1]])
    with store.attempt():
        if store.engine == "sqlite":
            _insert_sqlite(store, columns)
            store.execute(*move_head)
        elif len(columns[0]) >= _COPY_FROM:
            with store.raw.cursor().copy(f"COPY entry ({', '.join(COLUMNS)}) FROM STDIN") as copy:
                copy.write("".join(map("\t".join, zip(*map(_copied, COLUMNS, columns), strict=True))))
            store.execute(*move_head)
        else:
            # One statement for the batch, since PostgreSQL checks the numbering statement by statement.
            insert = f"WITH moved AS ({_MOVE_HEAD}) {_INSERT}" + ", ".join([_MARKS] * len(columns[0]))
            store.execute(insert, [*move_head[1], *chain.from_iterable(zip(*columns, strict=True))])


def _insert_sqlite(store: Store, columns: Sequence[Sequence[object]]) -> None:
    count = len(columns[0])
    same = tuple(column.count(column[0]) == count for column in columns)
    once = [column[0] for column, alike in zip(columns, same, strict=True) if alike]
    differing = [column for column, alike in zip(columns, same, strict=True) if not alike]
    cells = list(chain.from_iterable(zip(*differing, strict=True)))
    for start in range(0, count, _TOGETHER):
        rows = min(_TOGETHER, count - start)
        part = cells[start * len(differing) : (start + rows) * len(differing)]
        store.raw.execute(_insert_of(same, rows), once + part)


@lru_cache(maxsize=256)
def _insert_of(same: tuple[bool, ...], rows: int) -> str:
    """The statement for so many rows, whose parameters are what is the same in all of them, and then what differs, row by row."""
    once, differing = iter(range(1, sum(same) + 1)), sum(same)
    names = [f"?{next(once)}" if alike else "" for alike in same]
    marks = []
    for _ in range(rows):
        cells = []
        for name in names:
            differing += not name
            cells.append(name or f"?{differing}")
        marks.append(f"({', '.join(cells)})")
    return _INSERT + ", ".join(marks)


def _copied(name: str, column: Sequence[object]) -> Sequence[str]:
    """A column as the text of COPY, the last one with the end of its line; a text alone is escaped, and only where one needs it."""
    if name == "hash":
        return [f"\\\\x{digest.hex()}\n" for digest in column]  # type: ignore[attr-defined]
    if name in ("person_id", "body_id"):
        return ["\\N" if row is None else str(row) for row in column]
    cells = list(map(str, column))
    if name in ("client_id", "text", "evidence", "lots"):
        whole = "".join(cells)
        if any(mark in whole for mark in "\\\t\n\r"):
            return [cell.translate(_ESCAPES) for cell in cells]
    return cells
