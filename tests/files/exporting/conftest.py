"""A vault that was lived in, once for all tests that only read it."""

from random import Random

import pytest

from tests.files.exporting.living import fill
from tests.unit.services.world import Vault


@pytest.fixture(scope="session")
def lived(tmp_path_factory):
    """A vault with hostile names, currencies, splits, pairs and pending rows; nobody writes it."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        vault = Vault(tmp_path_factory.mktemp("lived") / "vault", monkeypatch)
        vault.run(lambda world: fill(world, Random(11)))
        yield vault
