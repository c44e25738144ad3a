"""`hive eval categorize`: the document, and files that cannot be measured."""

import json

import pytest

from hive_desktop.cli.main import main

HEAD = "description,amount,currency,label\n"


def test_the_document_has_every_figure(tmp_path, capsys):
    path = tmp_path / "rows.csv"
    path.write_text(
        HEAD + "STARBUCKS 0123,4.50,USD,Food & Dining\nSHELL OIL 5744,40,USD,Transportation\n"
        "ACME PAYROLL,-2500.00,USD,Income\n12345,9,,Other\n",
        encoding="utf-8",
    )
    assert main(["eval", "categorize", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rows"] == 4
    assert told["accuracy"] == 0.75  # nothing is guessed of a bare number
    assert told["precision_at_threshold"] == 1.0
    assert 0 < told["threshold"] < 1
    assert told["coverage"] == 0.75
    assert told["rows_per_second"] > 0
    assert told["backend"].startswith("offline")
    assert told["macro_f1"] == 0.75
    assert 0 <= told["ece"] <= 1
    assert {"category", "precision", "recall", "support"} == set(told["classes"][0])
    assert main(["eval", "categorize", str(path)]) == 0
    assert "CATEGORY" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"description,amount\n", "no column currency, label"),
        (HEAD.encode() + b"x,much,USD,Other\n", "Line 2 has no usable amount"),
        (b"\xff\xfe\x00", "cannot be read"),
    ],
)
def test_a_file_that_is_no_labelled_set_is_told_in_words(tmp_path, capsys, content, said):
    path = tmp_path / "rows.csv"
    path.write_bytes(content)
    assert main(["eval", "categorize", str(path)]) == 2
    assert said in capsys.readouterr().err


def test_a_missing_file_is_told_in_words(tmp_path, capsys):
    assert main(["eval", "categorize", str(tmp_path / "none.csv")]) == 2
    assert "cannot be read" in capsys.readouterr().err
