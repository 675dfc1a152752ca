"""The small pictures that stand everywhere: the five-part bar."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

_WIDTH: Final = 240
_HEIGHT: Final = 12


def draw_bar(promised: int, claimed: int, verified: int, settled: int, surplus: int = 0) -> Markup:
    """The one picture of the product: settled, verified, claimed (hatched: not yet true), owed, surplus, in steps of one unit.

    The whole is what is promised now (all four stages); what was amended upward as surplus is its last part.
    """
    whole = promised + claimed + verified + settled
    if whole <= 0:
        return Markup('<span class="quiet">{}</span>').format(_("无数量"))
    owed = max(promised - surplus, 0)
    over = min(surplus, promised)
    parts = (("s", settled), ("v", verified), ("c", claimed), ("o", owed), ("x", over))
    shares = {"settled": settled, "verified": verified, "claimed": claimed}
    label = _("已销 %(settled)s%%，已核 %(verified)s%%，已交待核 %(claimed)s%%") % {
        name: f"{100 * value / whole:.0f}" for name, value in shares.items()
    }
    rects, x = [], 0.0
    for name, value in parts:
        if value > 0:
            width = _WIDTH * value / whole
            rects.append(f'<rect class="{name}" x="{x:.1f}" y="0" width="{width:.1f}" height="{_HEIGHT}"/>')
            if name == "c":
                rects.append(f'<rect class="hatch" x="{x:.1f}" y="0" width="{width:.1f}" height="{_HEIGHT}"/>')
            x += width
    head = f'<svg class="bar" viewBox="0 0 {_WIDTH} {_HEIGHT}" preserveAspectRatio="none" role="img" aria-label="{escape(label)}">'
    return Markup(f"{head}{''.join(rects)}</svg>")  # noqa: S704 - numbers, and a label that is escaped
