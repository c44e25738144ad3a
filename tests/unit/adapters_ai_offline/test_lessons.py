"""What corrections teach: unseen merchants of the same kind, new categories, and nothing else."""

import pytest

from hive_desktop.ports.offline_model import Sample
from tests.spending import least_cpu_s

COFFEE = [
    "STARBUCKS 1234", "COSTA COFFEE", "CAFFE NERO", "PEETS COFFEE", "DUTCH BROS", "TIM HORTONS",
    "BLUE BOTTLE COFFEE", "SQ *LITTLE OWL COFFEE", "PHILZ COFFEE", "CORNER CAFE",
]  # fmt: skip
GROCERS = [
    "TESCO STORES 3214", "SAINSBURYS", "ALDI STORES", "TRADER JOES 123", "KROGER 555", "SAFEWAY",
    "WHOLEFDS MKT", "PUBLIX", "LIDL", "ASDA",
]  # fmt: skip
GYMS = [
    "PUREGYM LTD", "PLANET FITNESS", "LA FITNESS", "ANYTIME FITNESS", "CROSSFIT EAST", "EQUINOX",
    "BARRYS", "F45 TRAINING", "YOGA HOUSE", "GOLDS GYM",
]  # fmt: skip
UNSEEN = {
    "Treats": ["CARIBOU COFFEE", "STUMPTOWN COFFEE ROASTERS", "GREGORYS COFFEE", "ESPRESSO ROOM"],
    "Groceries": ["MORRISONS", "WAITROSE", "WEGMANS 71", "HARRIS TEETER", "GIANT FOOD"],
    "Healthcare": ["THE GYM GROUP", "CRUNCH FITNESS", "PILATES STUDIO", "ORANGETHEORY FITNESS"],
}


def sample(text, amount=900):
    return Sample((None, text, None), amount, "USD")


@pytest.fixture(scope="module")
def examples():
    kinds = (("Treats", COFFEE), ("Groceries", GROCERS), ("Healthcare", GYMS))
    return [(sample(text), category) for category, texts in kinds for text in texts]


def right(model):
    rows = [(text, category) for category, texts in UNSEEN.items() for text in texts]
    labels = model.label([sample(text) for text, _ in rows])
    return sum(label.category == truth for label, (_, truth) in zip(labels, rows, strict=True))


def test_thirty_corrections_raise_unseen_merchants_of_the_same_kind(model, examples):
    assert len(examples) == 30
    taught = model.with_lessons(model.learn(examples))
    before, after = right(model), right(taught)
    assert before <= 1  # nobody else keeps house so
    assert after >= 11  # of 13
    own = taught.label([row for row, _ in examples])
    assert [label.category for label in own] == [category for _, category in examples]


def test_other_kinds_stay_as_they_are(model, examples):
    taught = model.with_lessons(model.learn(examples))
    others = [
        sample(text)
        for text in ("SHELL OIL 5744", "NETFLIX.COM", "CVS/PHARMACY 123", "HILTON HOTELS", "IKEA",
                     "COMCAST CABLE", "UDEMY COURSE", "SUPERCUTS", "ATM WITHDRAWAL")
    ]  # fmt: skip
    before, after = model.label(others), taught.label(others)
    assert [one.category for one in before] == [one.category for one in after]


def test_one_correction_alone_says_little_about_strangers(model):
    taught = model.with_lessons(model.learn([(sample("STARBUCKS 1234"), "Entertainment")]))
    (label,) = taught.label([sample("KROGER 555")])
    assert label.category == "Food & Dining"


def test_a_taught_row_says_that_it_was_taught(model, examples):
    taught = model.with_lessons(model.learn(examples))
    assert taught.label([sample("CARIBOU COFFEE")])[0].reason.startswith("You chose ")


def test_lessons_are_a_function_of_their_examples_and_go_through_bytes(model, examples):
    first, second = model.learn(examples), model.learn(examples)
    assert first.to_bytes() == second.to_bytes()
    assert model.read_lessons(first.to_bytes()) == first
    taught = model.with_lessons(first)
    assert taught.learn(examples).to_bytes() == first.to_bytes()
    assert right(taught.with_lessons(model.learn([]))) == right(model)
    with pytest.raises(ValueError, match="lessons"):
        model.read_lessons(b"[]")
    with pytest.raises(ValueError, match="Expecting"):
        model.read_lessons(b"nonsense")


def test_rows_without_words_teach_nothing(model):
    learned = model.learn([(sample("12345"), "Income")])
    assert learned.examples == 0
    assert model.with_lessons(learned).label([sample("12345")]) == [None]


def test_a_thousand_examples_are_learned_at_once(model, examples):
    many = [
        (sample(f"{row.text[1]} BRANCH {chr(97 + at % 26) * 3}", 500 + at), category)
        for at in range(34)
        for row, category in examples
    ][:1_000]
    model.learn(many)
    assert least_cpu_s(lambda: model.learn(many)) < 0.25
