"""Training: the same words make the same bytes, and what is stored is what was trained."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from hive_desktop.adapters.ai.offline.artefact import load, quantised
from hive_desktop.adapters.ai.offline.augment import Augmenter
from hive_desktop.adapters.ai.offline.calibration import (
    Outcomes,
    calibrated,
    probabilities,
    threshold_of,
)
from hive_desktop.adapters.ai.offline.linear import Rows, scores, softmax, train
from hive_desktop.adapters.ai.offline.loading import ARTEFACT, read_vocabulary
from hive_desktop.adapters.ai.offline.training import Plan, fingerprint, make
from hive_desktop.config import resources_dir
from hive_desktop.domain import vocabulary
from hive_desktop.ports.errors import EnvironmentFaultError
from hive_desktop.ports.offline_model import Sample

ROOT = Path(__file__).parents[3]
KINDS = ["coffee\tFood & Dining\t2\t20\ta coffee shop", "fuel\tTransportation\t10\t90\ta station"]
SMALL = Plan(seed=3, epochs=3, per_merchant=6, per_word=10)
NAMES = ["Food & Dining", "Transportation"]


@pytest.fixture(scope="module")
def small():
    kinds = [
        *KINDS,
        *(f"{name}\tFood & Dining\t2\t20\tx" for name in ("restaurant", "person", "salary")),
        *(f"{name}\tTransportation\t2\t20\tx" for name in ("online_store", "service")),
    ]
    tables = {
        "merchants_us": ["bean house\tcoffee", "gas barn\tfuel", "moka\tcoffee", "petrolia\tfuel"],
        "words_en": ["coffee\tcoffee", "espresso\tcoffee", "fuel\tfuel", "petrol\tfuel"] * 3,
    }
    return vocabulary.read(kinds, tables, ["5541\tfuel"])


def test_a_small_model_is_the_same_byte_for_byte(small):
    rows = [(Sample((None, "SOME ESPRESSO", None), 400, "USD"), "Food & Dining")] * 25
    first, second = make(small, NAMES, rows, SMALL), make(small, NAMES, rows, SMALL)
    assert first.to_bytes() == second.to_bytes()
    other = make(small, NAMES, rows, SMALL._replace(seed=4))
    assert other.to_bytes() != first.to_bytes()


def test_what_is_stored_is_what_was_trained(small, tmp_path):
    made = make(small, NAMES, [], SMALL)
    path = tmp_path / "model.bin"
    path.write_bytes(made.to_bytes())
    again = load(path)
    assert again.header == made.header
    assert np.array_equal(again.weights, made.weights)
    assert again.header.vocabulary == fingerprint(small)


@pytest.mark.parametrize("damage", [b"", b"{}\n", b"no json\n\x00", b'{"format": 9}\n'])
def test_a_damaged_file_is_told_in_words(tmp_path, damage):
    path = tmp_path / "model.bin"
    path.write_bytes(damage)
    with pytest.raises(EnvironmentFaultError, match=r"model\.bin"):
        load(path)


def test_a_cut_file_is_told_in_words(tmp_path):
    path = tmp_path / "model.bin"
    path.write_bytes((resources_dir() / "lexicon" / ARTEFACT).read_bytes()[:-1])
    with pytest.raises(EnvironmentFaultError, match=r"model\.bin"):
        load(path)
    with pytest.raises(EnvironmentFaultError, match="word list"):
        read_vocabulary(tmp_path)


def test_the_stored_model_is_small_and_of_these_words():
    path = resources_dir() / "lexicon" / ARTEFACT
    assert path.stat().st_size < 2_000_000
    words = read_vocabulary(resources_dir() / "lexicon")
    assert load(path).header.vocabulary == fingerprint(words), "run: packaging/dev.py train"


@pytest.mark.full
@pytest.mark.timeout(900)
def test_the_stored_model_is_made_again_byte_for_byte(tmp_path):
    out = tmp_path / "again.bin"
    told = subprocess.run(
        [
            sys.executable, "-m", "hive_desktop.adapters.ai.offline.train", "--out", str(out),
            "--calibrate", str(ROOT / "tests" / "data" / "descriptors_tune.csv"),
        ],
        cwd=ROOT, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert out.read_bytes() == (resources_dir() / "lexicon" / ARTEFACT).read_bytes()


def test_made_rows_have_the_categories_and_signs_of_their_facts(small):
    made = Augmenter(small, 1).rows()
    assert {one.category for one in made} == set(NAMES)
    assert all(one.row.amount_minor != 0 for one in made)
    assert made == Augmenter(small, 1).rows()


def test_regression_learns_what_separates_two_classes():
    rows = Rows.of([0, 1, 0, 2, 1, 2], [1.0] * 6, [0, 1, 2, 4, 6])
    truths = np.array([0, 1, 0, 1])
    table = train(
        rows, truths, np.ones(4), buckets=3, classes=2, epochs=60, batch=4, decay=1e-6, seed=1
    )
    assert scores(table, rows).argmax(axis=1).tolist() == truths.tolist()
    assert np.allclose(softmax(scores(table, rows)).sum(axis=1), 1.0)
    picked = rows.take(np.array([3, 0]))
    assert picked.indices.tolist() == [1, 2, 0]


def test_calibration_cools_what_is_too_sure():
    chance = np.random.Generator(np.random.PCG64(5))
    truths = chance.integers(0, 3, 900)
    noisy = np.where(chance.random(900) < 0.7, truths, chance.integers(0, 3, 900))
    values = np.zeros((900, 3))
    values[np.arange(900), noisy] = 8.0
    outcomes = Outcomes(values, truths, np.full(900, 2), np.ones(900))
    temperatures, doubts = calibrated(outcomes)
    told = probabilities(values, outcomes.groups, temperatures, doubts)
    accuracy = (told.argmax(axis=1) == truths).mean()
    assert abs(told.max(axis=1).mean() - accuracy) < 0.03
    assert threshold_of(outcomes, temperatures, doubts) <= 1.0


def test_the_threshold_keeps_ninety_five_in_a_hundred_right():
    sure = np.linspace(0.5, 6.0, 400)
    values = np.stack([sure, np.zeros(400)], axis=1)
    truths = np.where(np.arange(400) % 3 == 0, np.where(sure < 3.0, 1, 0), 0)
    outcomes = Outcomes(values, truths, np.zeros(400, dtype=int), np.ones(400))
    threshold = threshold_of(outcomes, [1.0] * 3, [0.0] * 3)
    told = probabilities(values, outcomes.groups, [1.0] * 3, [0.0] * 3)
    kept = told.max(axis=1) >= threshold
    assert (told.argmax(axis=1) == truths)[kept].mean() >= 0.95
    assert 0 < kept.sum() < 400


def test_steps_of_a_byte_are_near_the_weights():
    table = np.random.Generator(np.random.PCG64(2)).normal(size=(50, 4))
    steps, scales = quantised(table)
    assert np.abs(steps * np.array(scales) - table).max() <= max(scales)
