"""What befalls computer and line: power cuts, locks, a clock that jumps, bad weather."""

from __future__ import annotations

import datetime as dt


def power_cut(world):
    kind, count = world.machine.power.arm(world.dice)
    return f"at {kind} {count} from here"


def lock(world):
    world.machine.lock()
    return "and unlocked"


def jump(world):
    by = dt.timedelta(minutes=world.dice.choice((-4000, -90, -5, 5, 90, 4000)))
    world.machine.clock.wrong_by += by
    return str(by)


def weather(world):
    world.line.risk = world.dice.choice((0.0, 0.0, 0.1, 0.3, 0.8))
    return f"{world.line.risk:.0%} of calls go wrong"


TROUBLES = ((power_cut, 4), (lock, 1), (jump, 2), (weather, 4))
"""What can befall them, each with how often."""
