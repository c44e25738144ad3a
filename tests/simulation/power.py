"""When the computer loses its power: at a turn of the loop, a bank's call, or about a commit."""

from __future__ import annotations

from tests.simulation.virtual import PowerCut

KINDS = ("turn", "call", "before commit", "after commit")
_FARTHEST = {"turn": 60, "call": 12, "before commit": 6, "after commit": 6}


class Power:
    """Holds at most one armed fuse.

    Args:
        on_cut: called at the instant of the cut, to keep the disk as it is then.
    """

    def __init__(self, on_cut):
        self._on_cut = on_cut
        self._armed: tuple[str, int] | None = None
        self.is_off = False

    def arm(self, dice):
        """Draw a point ahead; returns it as (kind, how many are to pass before)."""
        kind = dice.choice(KINDS)
        self._armed = (kind, dice.randint(1, _FARTHEST[kind]))
        return self._armed

    def disarm(self):
        self._armed = None

    def pass_by(self, kind):
        """Count one point of a kind; the armed one ends everything."""
        if self.is_off or self._armed is None or self._armed[0] != kind:
            return
        left = self._armed[1] - 1
        self._armed = (kind, left)
        if left == 0:
            self._armed = None
            self._on_cut()
            self.is_off = True
            raise PowerCut(kind)
