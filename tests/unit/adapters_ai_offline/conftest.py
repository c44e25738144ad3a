import pytest

from hive_desktop.adapters.ai.offline.loading import load_model
from hive_desktop.config import resources_dir


@pytest.fixture(scope="session")
def model():
    return load_model(resources_dir() / "lexicon")
