"""Makes the manual pages and the shell's completions from the parsers of both programs."""

from __future__ import annotations

import argparse
import shlex
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bundle import project
from hive_desktop.__main__ import build_parser as build_window_parser
from hive_desktop.cli.parsers import build_parser

if TYPE_CHECKING:
    from collections.abc import Iterator

_EXIT_CODES = {
    0: "done",
    1: "failed",
    2: "wrong usage",
    3: "the vault is locked, or the passphrase is wrong",
    4: "the bank, the relay or the model needs attention",
    5: "offline",
    130: "stopped by Ctrl-C",
}
_VARIABLES = {
    "HIVE_PASSPHRASE": "The vault's passphrase, or the one that a backup was made with.",
    "HIVE_NEW_PASSPHRASE": "The passphrase that is to be the vault's, where a command changes it.",
    "HIVE_RECOVERY_KIT": "The recovery kit, where a command opens the vault by it.",
    "HIVE_PLAID_SECRET": "Plaid's secret, where a command asks for it.",
    "HIVE_RELAY_PASSWORD": "The password at a relay, where a command asks for it.",
    "HIVE_NEW_RELAY_PASSWORD": "The password that is to be the one at the relay.",
    "HIVE_RELAY_INVITE": "The code of an invitation to a relay.",
    "HIVE_AI_KEY": "The key of a model's server, where a command asks for it.",
}
# By the platform's own rules; `hive_desktop/config.py` asks them.
_FILES = {
    "~/.local/share/hive-desktop/vault": "The vault, where no other one is named.",
    "~/.local/state/hive-desktop/log": "Logs and reports of crashes, with nothing of the ledger.",
}


@dataclass(frozen=True, slots=True)
class Command:
    """One command of `hive`, or the program itself.

    Args:
        words: how it is called, the program's name first.
        parser: its options.
        summary: what it does, in one line.
        children: whether other commands are below it.
    """

    words: tuple[str, ...]
    parser: argparse.ArgumentParser
    summary: str
    children: tuple[str, ...]


def commands(
    parser: argparse.ArgumentParser, words: tuple[str, ...], summary: str = ""
) -> Iterator[Command]:
    """Yield a parser's command, and those below it in the order of its help."""
    below = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]  # noqa: SLF001 - argparse shows them nowhere else
    told = {one.dest: one.help or "" for group in below for one in group._choices_actions}  # noqa: SLF001 - as above
    names = tuple(told)
    yield Command(words, parser, summary or parser.description or "", names)
    for group in below:
        for name in names:
            yield from commands(group.choices[name], (*words, name), told[name])


def hive_page() -> str:
    """Return hive(1)."""
    program, *others = commands(build_parser(), (project.COMMAND,))
    lines = [*_head(project.COMMAND, project.SUMMARY), *_synopsis(program.parser)]
    lines += [".SH DESCRIPTION", _escaped(program.summary)]
    lines += ["A command says more with", r".BR \-\-help ."]
    lines += [".SH COMMANDS"]
    for one in others:
        if not one.children:
            lines += [f".SS {_escaped(' '.join(one.words))}", *_usage(one.parser)]
            lines += [".PP", _sentence(one.summary)]
            lines += _options(one.parser)
    lines += [".SH EXIT STATUS"]
    for code, meaning in _EXIT_CODES.items():
        lines += [".TP", f".B {code}", _sentence(meaning)]
    lines += [".SH ENVIRONMENT"]
    lines += ["A variable is dropped as soon as it is read, so that nothing else inherits it."]
    for name, meaning in _VARIABLES.items():
        lines += [".TP", f".B {name}", _escaped(meaning)]
    lines += _files()
    return "\n".join([*lines, ".SH SEE ALSO", f".BR {_escaped(project.NAME)} (1)"]) + "\n"


def window_page() -> str:
    """Return hive-desktop(1)."""
    parser = build_window_parser()
    lines = [*_head(project.NAME, project.SUMMARY), *_synopsis(parser)]
    lines += [".SH DESCRIPTION", _escaped(parser.description or "")]
    lines += [".SH OPTIONS", *_options(parser), *_files()]
    return "\n".join([*lines, ".SH SEE ALSO", f".BR {project.COMMAND} (1)"]) + "\n"


def _head(name: str, summary: str) -> list[str]:
    day = datetime.fromtimestamp(project.epoch(), UTC).date().isoformat()
    return [
        f'.TH {name.upper()} 1 "{day}" "{project.TITLE} {project.version()}"',
        ".SH NAME",
        rf"{_escaped(name)} \- {_escaped(summary[0].lower() + summary[1:])}",
    ]


def _synopsis(parser: argparse.ArgumentParser) -> list[str]:
    return [".SH SYNOPSIS", *_usage(parser)]


def _usage(parser: argparse.ArgumentParser) -> list[str]:
    usage = " ".join(parser.format_usage().split()).removeprefix(f"usage: {parser.prog}").strip()
    return [f".B {_escaped(parser.prog)}", _escaped(usage)]


def _files() -> list[str]:
    lines = [".SH FILES"]
    for path, meaning in _FILES.items():
        lines += [".TP", f".I {_escaped(path)}", _escaped(meaning)]
    return lines


def _options(parser: argparse.ArgumentParser) -> list[str]:
    lines: list[str] = []
    for one in _shown(parser):
        lines += [".TP", _invocation(one)]
        told = parser._get_formatter()._expand_help(one) if one.help else ""  # noqa: SLF001 - fills in defaults as --help does
        lines.append(_sentence(told) if told else r"\&")
    return lines


def _shown(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return [
        one
        for one in parser._actions  # noqa: SLF001 - argparse shows them nowhere else
        if one.help != argparse.SUPPRESS
        and not isinstance(one, argparse._HelpAction | argparse._SubParsersAction)  # noqa: SLF001 - as above
    ]


def _invocation(one: argparse.Action) -> str:
    value = one.metavar if isinstance(one.metavar, str) else None
    if value is None and one.choices is not None:
        value = "{" + ",".join(str(choice) for choice in one.choices) + "}"
    if not one.option_strings:
        return rf"\fI{_escaped(value or one.dest)}\fR"
    names = ", ".join(rf"\fB{_escaped(name)}\fR" for name in one.option_strings)
    if one.nargs == 0:
        return names
    return rf"{names} \fI{_escaped(value or one.dest.upper())}\fR"


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    text = text[:1].upper() + text[1:]
    return _escaped(text if text.endswith((".", "?", "!")) else f"{text}.")


def _escaped(text: str) -> str:
    """Return a text that troff shows as it is."""
    text = text.replace("\\", r"\(rs").replace("-", r"\-").replace("'", r"\(aq")
    text = text.replace("~", r"\(ti").replace("^", r"\(ha").replace("`", r"\(ga")
    return rf"\&{text}" if text.startswith(".") else text


def bash_completion() -> str:
    """Return bash's completion of `hive`: commands by their place, options by their command."""
    cases = []
    for one in commands(build_parser(), (project.COMMAND,)):
        options = [name for action in _shown(one.parser) for name in action.option_strings]
        words = [*one.children, *(name for name in options if name.startswith("--")), "--help"]
        cases.append(f'    "{" ".join(one.words)}") words={shlex.quote(" ".join(words))} ;;')
    return _BASH.replace("@CASES@", "\n".join(cases)).replace("@HIVE@", project.COMMAND)


def zsh_completion() -> str:
    """Return zsh's completion of `hive`, which reads bash's."""
    return _ZSH.replace("@HIVE@", project.COMMAND)


_BASH = """\
# Completion of @HIVE@: its commands and options, and files after an option that takes one.
_@HIVE@_words() {
  local words=""
  case "$1" in
@CASES@
  *) return 1 ;;
  esac
  printf '%s' "$words"
}

_@HIVE@() {
  local path="@HIVE@" word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="${COMP_WORDS[i]}"
    case "$word" in
    -*) continue ;;
    esac
    if _@HIVE@_words "$path $word" > /dev/null; then path="$path $word"; fi
  done
  word="${COMP_WORDS[COMP_CWORD]}"
  mapfile -t COMPREPLY < <(compgen -W "$(_@HIVE@_words "$path")" -- "$word")
}

complete -o default -F _@HIVE@ @HIVE@
"""
_ZSH = """\
#compdef @HIVE@
autoload -U +X bashcompinit && bashcompinit
source /usr/share/bash-completion/completions/@HIVE@
_bash_complete -o default -F _@HIVE@
"""
