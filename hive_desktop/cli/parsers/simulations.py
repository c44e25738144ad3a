"""The demo and the simulated bank."""

from __future__ import annotations

from pathlib import Path

from hive_desktop.cli import demos
from hive_desktop.cli.parsers import options


def add_commands(commands: options.Commands) -> None:
    """Add `hive demo` and `hive sandbox`."""
    _demo(commands)
    _sandbox(commands)


def _demo(commands: options.Commands) -> None:
    parser = options.add(commands, "demo", "Start the sandbox bank, link it, sync it, and show it.")
    parser.add_argument("--headless", action="store_true", help="no window: write pictures")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where vault and pictures go")
    options.simulation_options(parser)
    options.json_option(parser)
    parser.set_defaults(run=demos.demo)


def _sandbox(commands: options.Commands) -> None:
    parser = options.add(commands, "sandbox", "Run the simulated bank alone, until interrupted.")
    parser.add_argument("--port", type=options.port, default=0, metavar="P", help="0: any free one")
    options.simulation_options(parser)
    parser.set_defaults(run=demos.sandbox)
