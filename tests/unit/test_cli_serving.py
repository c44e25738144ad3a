"""A command that another process handed over, as the window runs it."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest

from hive_desktop import i18n
from hive_desktop.cli import serving, streams
from hive_desktop.ports.handover import Command, Terminal


def served(*words):
    """Run a command; returns its code and what it said on each stream."""
    said = {1: "", 2: ""}

    def say(stream, text):
        said[stream] += text

    async def ask(_question):
        return None

    command = Command(words, Path("/home/mira"), Terminal(), frozenset(), say, ask)
    return serving.run(command, SimpleNamespace(), SimpleNamespace()), said


def test_a_command_that_this_version_does_not_know_is_said_to_the_caller():
    code, said = served("no-such-command")
    assert (code, said[1]) == (2, "")
    assert said[2].startswith("Another version of Hive is running. ")


@pytest.mark.parametrize("words", [("demo",), ("chat", "list"), ("vault", "info")])
def test_what_has_a_session_of_its_own_is_refused(words):
    code, said = served(*words)
    assert (code, said[1]) == (2, "")
    assert f"hive {words[0]} cannot run inside" in said[2]


def test_words_and_language_are_the_command_s_alone(capsys):
    """Two at once, in a window that speaks German: neither reads the other's words."""

    async def speak(name, said):
        command = Command(
            (), Path("/"), Terminal(), frozenset(), lambda _stream, text: said.append(text), None
        )
        with i18n.in_source_language(), streams.sent(command):
            streams.out.write(f"{name} begins\n")
            await asyncio.sleep(0.01)
            streams.out.write(i18n.language())

    async def both():
        one, other = [], []
        await asyncio.gather(speak("one", one), speak("other", other))
        streams.out.write("the window's own")
        return "".join(one), "".join(other), i18n.language()

    i18n.use("de")
    try:
        found = asyncio.run(both())
    finally:
        i18n.use("en")
    assert found == ("one begins\nen", "other begins\nen", "de")
    assert capsys.readouterr().out == "the window's own"
