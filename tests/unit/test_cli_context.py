"""Secrets that a command asks for in the terminal."""

import getpass

import pytest

from hive_desktop.cli import context
from hive_desktop.ports.errors import VaultLockedError


def test_an_input_that_ends_at_a_prompt_is_no_secret_and_no_fault(monkeypatch, capsys):
    def ended(*_, **__):
        raise EOFError

    monkeypatch.setattr(getpass, "getpass", ended)
    monkeypatch.setattr(context, "has_terminal", lambda: True)
    monkeypatch.delenv(context.PASSPHRASE.variable, raising=False)
    with pytest.raises(VaultLockedError):
        context.secret(context.PASSPHRASE, fd=None, prompt="Passphrase")
    assert context.ask("The same again") == ""
    assert capsys.readouterr().err == "\n\n"
