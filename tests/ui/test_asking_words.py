"""What is recorded of requests in fixed words has those words in the catalogue."""

from pathlib import Path

import pytest

from hive_desktop import i18n
from hive_desktop.adapters.ai import chat_backend, openai_backend
from hive_desktop.adapters.bank import relay_socket
from hive_desktop.api import usage
from hive_desktop.plaidkit import egress, transport
from hive_desktop.ports.events import AiProgress, AiState
from hive_desktop.relay.auth import bodies
from hive_desktop.services import assistants, diagnostics, updates
from hive_desktop.ui.forms.words import PURPOSES, merchants_done, purpose_words
from hive_desktop.ui.pages.egress import presenter
from hive_desktop.ui.pages.settings.relay_data import FIELDS, words_of
from tests.architecture.literals import literals

_RELAY = sorted(Path(relay_socket.__file__).parent.glob("relay_*.py"))


def test_every_purpose_of_a_request_is_known():
    sent = set(transport.PURPOSES.values())
    sent |= {openai_backend._ASKING, openai_backend._LISTING, openai_backend._TESTING}
    sent |= {chat_backend.PURPOSE, diagnostics.PURPOSE, updates.PURPOSE}
    sent |= {assistants.PURPOSE, usage.PURPOSE}
    sent |= {text for file in _RELAY for _line, text in literals(file) if text.endswith("relay")}
    sent |= {"Sign a lost device out", "Read what the relay knows of you", "Ask a model"}
    assert "Renew the sign-in at the relay" in sent
    assert sent == PURPOSES


def test_a_purpose_is_told_in_the_persons_language(monkeypatch):
    class German(i18n.gettext.NullTranslations):
        def gettext(self, message):
            return {"Read accounts": "Konten lesen"}.get(message, message)

    monkeypatch.setattr(i18n._chosen, "catalogue", German())
    assert purpose_words("Read accounts") == "Konten lesen"
    assert purpose_words("What an older Hive did {here}") == "What an older Hive did {here}"


@pytest.mark.parametrize("word", [*transport.RESULTS.values(), egress.CANCELLED, egress.FAILED])
def test_every_end_of_a_request_is_known(word):
    assert presenter.RESULTS[word] == word.replace("_", " ")


def test_every_field_that_a_relay_stores_is_known():
    groups = [one.annotation for one in bodies.Stored.model_fields.values()]
    models = [getattr(one, "__args__", (one,))[0] for one in groups]
    names = {words_of(name) for one in models for name in one.model_fields}
    assert names - {"Bank's id"} == FIELDS


def test_how_far_a_model_is_counts_its_merchants():
    assert merchants_done(AiProgress(AiState.RUNNING, 12, 1234)) == "12 of 1,234 merchants"
    assert merchants_done(AiProgress(AiState.RUNNING, 0, 1)) == "0 of 1 merchant"
