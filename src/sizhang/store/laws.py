"""What the database says when it refuses, in both languages of the users; the laws themselves stand in `laws_*.sql`."""

from __future__ import annotations

from typing import Final

from sizhang.core.errors import Words

# What the triggers say, as they say it.
LAWS: Final = {
    "entries are appended, never updated: book the reverse entry": "分录只增不改，要改请记反向分录",
    "entries are appended, never deleted: book the reverse entry": "分录只增不删，要改请记反向分录",
    "the number, unit, measure and source of a promise never change": "承诺的编号、计量单位、计量方式和出处不能改",
    "promises never disappear": "承诺不能删除",
    "a promise always has a balance": "承诺必有余额",
    "who has claimed is never forgotten": "交账人名单不能删改",
    "entries are numbered without a gap": "分录编号必须连续",
    "only an amendment upward can be surplus": "只有调增才能记为超额",
    "nobody checks what he or his body has claimed": "交账的人和单位不能自己核自己",
}


def words_of(fault: Exception) -> Words:
    """What the database said in its first line: a law in both languages, anything else in its own words."""
    said = next(iter(str(fault).splitlines()), type(fault).__name__)
    law = next((law for law in LAWS if law in said), None)
    return Words(LAWS[law], law) if law else Words.alike(said)
