"""Fixtures of the accounts' tests; `world` has what they stand on."""

import pytest

from tests.relay.auth.world import Clock, World


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def closed(tmp_path):
    """A relay that asks for invites."""
    made = World(tmp_path, registration="closed")
    yield made
    made.close()


@pytest.fixture
def clock():
    return Clock()
