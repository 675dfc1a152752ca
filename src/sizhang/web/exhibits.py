"""Evidence as the pages show it: each file with its hash, what a photograph says of itself and looks like, what a calculator found."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

from sizhang.store.connection import Store
from sizhang.store.evidence import path_of
from sizhang.store.reading import HistoryRow
from sizhang.verification.photos import PhotoFacts, looks_alike, read_photo
from sizhang.web.models import Mark, Photo, PhotoUse, Shown

_AT_ONCE_MOST: Final = 200
_RESULT_BYTES_MOST: Final = 2_000_000
_PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/tiff", "image/webp"})


class Likeness(NamedTuple):
    """Another entry whose picture is the same file, or looks alike."""

    same: bool
    promise: str
    digest: str


@dataclass
class Exhibit:
    """A file of evidence.

    Attributes:
        verbs: of the entries that name it.
        result: what `sizhang calc` wrote, where the file is that.
    """

    digest: str
    name: str
    media_type: str
    size_bytes: int
    verbs: tuple[str, ...]
    photo: Photo | None = None
    alike: list[Likeness] = field(default_factory=list)
    result: dict[str, Any] | None = None

    @property
    def is_picture(self) -> bool:
        """Whether a browser can show it in place."""
        return self.media_type in ("image/png", "image/jpeg", "image/gif")


def load_exhibits(store: Store, history: Sequence[HistoryRow]) -> list[Exhibit]:
    """The files that these entries name, in their order."""
    verbs: dict[str, list[str]] = {}
    for entry in history:
        for digest in entry.evidence:
            verbs.setdefault(digest, []).append(entry.verb)
    if not verbs:
        return []
    index_photos(store)
    sql = "SELECT sha256, name, media_type, size_bytes FROM evidence WHERE sha256 {among}"
    rows = {row[0]: row for row in store.rows_among(sql, list(verbs))}
    own = {entry.seq for entry in history}
    found = []
    for digest, held in verbs.items():
        if digest in rows:
            _digest, name, media_type, size_bytes = rows[digest]
            found.append(Exhibit(digest, name, media_type, int(size_bytes), tuple(dict.fromkeys(held))))
    uses = _all_uses() if any(exhibit.media_type in _PICTURES for exhibit in found) else []
    photos = {use.photo.sha256: use.photo for use in uses}
    everything = _compared(uses)
    for exhibit in found:
        exhibit.photo = photos.get(exhibit.digest)
        if exhibit.photo is not None:
            exhibit.alike = _likenesses(facts_of(exhibit.photo), exhibit.digest, everything, own)
        elif exhibit.media_type in ("application/json", "text/plain") and exhibit.size_bytes <= _RESULT_BYTES_MOST:
            exhibit.result = read_result(path_of(store, exhibit.digest))
    return found


def shown_exhibits(store: Store, history: Sequence[HistoryRow]) -> list[Exhibit]:
    """Those files that the office lets everybody see."""
    digests = {digest for entry in history for digest in entry.evidence}
    shown = set(Shown.objects.filter(sha256__in=digests).values_list("sha256", flat=True)) if digests else set()
    return [one for one in load_exhibits(store, history) if one.digest in shown] if shown else []


def index_photos(store: Store) -> None:
    """Look at the pictures of entries that were booked since the last time, whichever way they were booked."""
    mark, _new = Mark.objects.get_or_create(name="photos")
    sql = (
        "SELECT e.seq, p.number, e.evidence FROM entry e JOIN promise p ON p.id = e.promise_id "
        "WHERE e.seq > %s AND e.evidence <> '' ORDER BY e.seq LIMIT %s"
    )
    rows = store.rows(sql, [mark.seq, _AT_ONCE_MOST])
    if not rows:
        return
    digests = {digest for _seq, _number, files in rows for digest in files.split()}
    media = dict(store.rows_among("SELECT sha256, media_type FROM evidence WHERE sha256 {among}", sorted(digests)))
    for seq, number, files in rows:
        for digest in files.split():
            if media.get(digest) in _PICTURES:
                _note_photo(path_of(store, digest), digest, number, seq)
    mark.seq = rows[-1][0]
    mark.save()


def _note_photo(path: Path, digest: str, number: str, seq: int) -> None:
    photo = Photo.objects.filter(sha256=digest).first()
    if photo is None:
        facts = read_photo(path)
        if facts is None:
            return
        hashes = " ".join(f"{one:016x}" for one in facts.hashes)
        more = {"taken_at": facts.taken_at, "latitude": facts.latitude, "longitude": facts.longitude}
        photo, _new = Photo.objects.get_or_create(sha256=digest, defaults={"hashes": hashes, **more})
    PhotoUse.objects.get_or_create(photo=photo, seq=seq, defaults={"promise": number})


def facts_of(photo: Photo) -> PhotoFacts:
    """What was kept of a picture, to be compared."""
    first, second, third, fourth = (int(one, 16) for one in photo.hashes.split())
    return PhotoFacts((first, second, third, fourth), photo.taken_at, photo.latitude, photo.longitude)


def _all_uses() -> list[PhotoUse]:
    return list(PhotoUse.objects.select_related("photo").order_by("seq"))


def _compared(uses: Iterable[PhotoUse]) -> list[tuple[str, PhotoFacts, int, str]]:
    return [(use.photo.sha256, facts_of(use.photo), use.seq, use.promise) for use in uses]


def _likenesses(facts: PhotoFacts, digest: str, everything: Iterable[tuple[str, PhotoFacts, int, str]], own: set[int]) -> list[Likeness]:
    """Pictures of other promises that are the same or alike, and other pictures of these entries that are alike."""
    out: dict[tuple[str, str], Likeness] = {}
    for other, seen, seq, promise in everything:
        same = other == digest
        if (same and seq in own) or not (same or looks_alike(facts, seen)):
            continue
        out[other, promise] = Likeness(same, promise, other)
    return list(out.values())


def warn_of(store: Store, files: Sequence[Path]) -> list[tuple[str, Likeness]]:
    """Before anything is booked: the files that are, or look like, a picture that was handed in already; with the file's name."""
    from hashlib import sha256

    index_photos(store)
    everything = _compared(_all_uses())
    out = []
    for file in files:
        facts = read_photo(file)
        if facts is not None:
            digest = sha256(file.read_bytes()).hexdigest()
            out += [(file.name, one) for one in _likenesses(facts, digest, everything, set())]
    return out


def read_result(path: Path) -> dict[str, Any] | None:
    """What a calculator answered, where the file is the JSON of `sizhang calc`; the numbers exact."""
    try:
        given = json.loads(path.read_bytes(), parse_float=Decimal)
        values = [
            {"title": str(one["title"]), "number": _shown(one["number"]), "unit": str(one.get("unit", ""))} for one in given["values"][:20]
        ]
        standards = [f"{one['code']} {one.get('clause', '')}".strip() for one in given["standards"][:5]]
        verdict = {"outcome": str(given["verdict"]["outcome"]), "reason": str(given["verdict"]["reason"])}
        return {"title": str(given["title"]), "values": values, "standards": standards, "verdict": verdict}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _shown(number: object) -> str:
    return "—" if number is None else f"{number:,}" if isinstance(number, int | Decimal) else str(number)
