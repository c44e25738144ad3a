"""Fixtures of the local API's tests; `world` has what they stand on."""

import pytest

from tests.api.world import LinkingBank
from tests.unit.services.world import Vault


@pytest.fixture
def vault(tmp_path, monkeypatch):
    return Vault(tmp_path / "vault", monkeypatch, bank=LinkingBank())
