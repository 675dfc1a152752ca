"""The entries as columns of whole numbers, kept beside the ledger so that a question over all of them is a few passes over memory.

It is a cache of the append-only table and nothing else: deleting it changes no answer, and nothing that proves the ledger reads it. It
lies in *segments*, files that are written once: entries FROM to TO, the hash of entry TO, and a SHA-256 of the columns. A segment
counts only if the ledger's own entry TO has that hash; else, or where a byte of it changed, it is thrown away and read anew from the
database. New entries become a new segment; when there are several they are written as one.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import struct
from collections.abc import Iterator
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from sizhang.store.connection import Store

if TYPE_CHECKING:
    import numpy as np

# What an entry does, as one small number, with the change of promised, claimed, verified, settled and surplus for each step of it.
MOVES: Final = ("open", "claim", "verify", "reject", "expire", "settle", "reopen", "amend up", "amend down", "surplus")
CHANGES: Final = (
    (1, 0, 0, 0, 0),
    (-1, 1, 0, 0, 0),
    (0, -1, 1, 0, 0),
    (1, -1, 0, 0, 0),
    (1, -1, 0, 0, 0),
    (0, 0, -1, 1, 0),
    (1, 0, 0, -1, 0),
    (1, 0, 0, 0, 0),
    (-1, 0, 0, 0, 0),
    (1, 0, 0, 0, 1),
)
MOVE_SQL: Final = (
    "CASE verb WHEN 'open' THEN 0 WHEN 'claim' THEN 1 WHEN 'verify' THEN 2 WHEN 'reject' THEN 3 WHEN 'expire' THEN 4 "
    "WHEN 'settle' THEN 5 WHEN 'reopen' THEN 6 ELSE CASE WHEN target = 0 THEN 8 WHEN surplus THEN 9 ELSE 7 END END"
)
# One row as PostgreSQL's COPY writes five bigint in its binary form: a count of fields, then a length before each.
_COPIED: Final = "SELECT steps, recorded_at, promise_id, effective_on::bigint, (" + MOVE_SQL + ")::bigint FROM entry"
_COPY_HEADER: Final = 19
_MAGIC: Final = b"SZCOL\x001\x00"
_HEAD: Final = struct.Struct("<8sqq32s32s")
_TYPES: Final = ("<i8", "<i8", "<i4", "<i4", "<i1")
_ROW_BYTES: Final = 25
_MERGE_AT: Final = 6
_FETCH: Final = 50_000


class Columns(NamedTuple):
    """All entries, in the order of the chain.

    Attributes:
        steps: int64.
        recorded_at: microseconds since 1970-01-01, int64.
        promise: the promise's id in the database, int32.
        day: days since 1970-01-01, int32.
        move: index into `MOVES`, int8.
    """

    steps: np.ndarray
    recorded_at: np.ndarray
    promise: np.ndarray
    day: np.ndarray
    move: np.ndarray

    @property
    def size(self) -> int:
        """How many entries there are."""
        return int(self.steps.size)


class _Segment(NamedTuple):
    first: int
    last: int
    hash: bytes
    path: Path


def load_columns(store: Store) -> Columns:
    """All entries that the ledger has now; reads from the database only those that no segment holds."""
    found = store.rows("SELECT seq, hash FROM head WHERE id = 1")
    seq, digest = int(found[0][0]), bytes(found[0][1])
    folder = cache_folder(store)
    parts: list[Columns] = []
    used: list[_Segment] = []
    last = 0
    for segment in _chain_of(folder, seq):
        columns = _read_segment(store, segment)
        if columns is None:
            break
        parts.append(columns)
        used.append(segment)
        last = segment.last
    if last < seq:
        parts.append(_from_database(store, last, seq))
    columns = parts[0] if len(parts) == 1 else _joined(parts)
    if last < seq:
        merge = len(parts) >= _MERGE_AT
        kept = columns if merge else parts[-1]
        with contextlib.suppress(OSError):
            # A folder that cannot be written costs time, no answer.
            _write_segment(folder, kept, (0 if merge else last) + 1, seq, digest)
            if merge:
                for segment in used:
                    segment.path.unlink(missing_ok=True)
    return columns


def cache_folder(store: Store) -> Path:
    """Where the segments lie: beside a file, and for PostgreSQL in this account's folder for caches."""
    if store.engine == "sqlite":
        path = Path(store.url)
        return path.with_name(path.name + ".cache")
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "sizhang" / sha256(store.url.encode()).hexdigest()[:24]


def _chain_of(folder: Path, seq: int) -> Iterator[_Segment]:
    """The segments that follow one another from entry 1, the longest first where several begin at one entry."""
    held: dict[int, _Segment] = {}
    for path in folder.glob("*.seg") if folder.is_dir() else ():
        with contextlib.suppress(OSError, struct.error):
            with path.open("rb") as file:
                magic, first, last, digest, _ = _HEAD.unpack(file.read(_HEAD.size))
            if magic == _MAGIC and 1 <= first <= last <= seq and (first not in held or held[first].last < last):
                held[first] = _Segment(first, last, digest, path)
    at = 1
    while at in held:
        segment = held[at]
        yield segment
        at = segment.last + 1


def _read_segment(store: Store, segment: _Segment) -> Columns | None:
    """The columns of a segment; None, and the file removed, where it does not fit the ledger or itself."""
    import numpy as np

    entry = store.rows("SELECT hash FROM entry WHERE seq = %s", [segment.last])
    count = segment.last - segment.first + 1
    with contextlib.suppress(OSError, ValueError, struct.error):
        with segment.path.open("rb") as file:
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        fits = len(content) == _HEAD.size + count * _ROW_BYTES and entry and bytes(entry[0][0]) == segment.hash
        if fits and sha256(memoryview(content)[_HEAD.size :]).digest() == _HEAD.unpack_from(content)[4]:
            arrays = []
            offset = _HEAD.size
            for kind in _TYPES:
                arrays.append(np.frombuffer(content, kind, count, offset))
                offset += count * np.dtype(kind).itemsize
            return Columns(*arrays)
    with contextlib.suppress(OSError):
        segment.path.unlink(missing_ok=True)
    return None


def _write_segment(folder: Path, columns: Columns, first: int, last: int, digest: bytes) -> None:
    body = b"".join(array.tobytes() for array in columns)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{first:012d}-{last:012d}.seg"
    waiting = path.with_suffix(f".{os.getpid()}")
    waiting.write_bytes(_HEAD.pack(_MAGIC, first, last, digest, sha256(body).digest()) + body)
    waiting.replace(path)


def _joined(parts: list[Columns]) -> Columns:
    import numpy as np

    if not parts:
        return Columns(*(np.zeros(0, kind) for kind in _TYPES))
    return Columns(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _from_database(store: Store, after: int, until: int) -> Columns:
    """The entries after one number until another."""
    if store.engine == "postgresql":
        return _copied(store, after, until)
    import numpy as np

    parts = []
    sql = f"SELECT steps, recorded_at, promise_id, effective_on, {MOVE_SQL} FROM entry WHERE seq > %s AND seq <= %s ORDER BY seq"
    cursor = store.execute(sql, [after, until])
    while rows := cursor.fetchmany(_FETCH):
        table = np.fromiter(chain.from_iterable(rows), np.int64, 5 * len(rows)).reshape(-1, 5)
        parts.append(Columns(*(table[:, i].astype(kind) for i, kind in enumerate(_TYPES))))
    return _joined(parts)


def _copied(store: Store, after: int, until: int) -> Columns:
    """The same from PostgreSQL, whose binary COPY is a table of fixed width already."""
    import numpy as np

    sql = f"COPY ({_COPIED} WHERE seq > {after} AND seq <= {until} ORDER BY seq) TO STDOUT (FORMAT BINARY)"
    copied = bytearray()
    with store.raw.cursor().copy(sql) as rows:
        for block in rows:
            copied += block
    fields = [("fields", ">i2")]
    for i in range(len(_TYPES)):
        fields += [(f"length{i}", ">i4"), (f"value{i}", ">i8")]
    table = np.frombuffer(copied, np.dtype(fields), until - after, _COPY_HEADER)
    return Columns(*(table[f"value{i}"].astype(kind) for i, kind in enumerate(_TYPES)))
