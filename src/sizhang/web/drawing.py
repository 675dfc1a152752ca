"""Which lots to visit: a draw that anybody can repeat, and that nobody can know before the claim is booked.

The seed is the hash of the last entry that claimed; lots stand in the order of SHA-256 over seed and name, and the first ones are drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

DRAWN: Final = 10


@dataclass(frozen=True)
class Draw:
    """A draw.

    Attributes:
        seed: the first 16 hexadecimal digits of the hash of the last claim.
        lots: those drawn, in the order in which they were.
        of: how many there were to draw from.
    """

    seed: str
    lots: tuple[str, ...]
    of: int


def draw_lots(lots: Sequence[str], last_claim: str, number: int = DRAWN) -> Draw | None:
    """Draw some of the lots that stand claimed, by the hash of the last claim in hexadecimal; None where there is none."""
    if not lots or not last_claim:
        return None
    seed = last_claim[:16]
    order = sorted(lots, key=lambda lot: sha256(f"{seed}{lot}".encode()).hexdigest())
    return Draw(seed, tuple(order[:number]), len(lots))
