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
        (HEAD.encode() + b'x,"1,234.50",USD,Other\n', "without separators"),
        (HEAD.encode() + b"x,1\n", "Line 2 has too few columns"),
        (HEAD.encode() + b'"x,1,USD,Other\n', "quotation mark"),
        (HEAD.encode() + b"x" * 200_000 + b",1,USD,Other\n", "longer than"),
        (HEAD.replace(",", ";").encode(), "Commas separate them"),
        (HEAD.encode() + b"x,1,USD,\n", "no labelled row"),
        (b"\xff\xfe\x00", "not a text in UTF-8"),
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


def test_mistakes_are_listed_the_surest_first_and_odd_labels_are_told(tmp_path, capsys):
    path = tmp_path / "rows.csv"
    path.write_text(
        HEAD + "STARBUCKS 0123,4.50,usd,food & dining\nSHELL OIL 5744,40,,Travel\n"
        "12345,9,USD,Groceries\nUBER TRIP,9,USD,\n",
        encoding="utf-8",
    )
    assert main(["eval", "categorize", str(path), "--json", "--mistakes"]) == 0
    captured = capsys.readouterr()
    told = json.loads(captured.out)
    assert (told["rows"], told["unlabelled_rows"], told["rows_without_currency"]) == (3, 1, 1)
    assert told["unknown_labels"] == ["Groceries"]
    assert [(one["line"], one["guess"]) for one in told["mistakes"]] == [
        (3, "Transportation"),
        (4, None),
    ]
    assert told["mistakes"][0]["is_sure"]
    assert not told["mistakes"][1]["is_sure"]
    for said in ("No category of Hive's: Groceries", "1 row without a label", "read as USD"):
        assert said in captured.err
    assert main(["eval", "categorize", str(path), "--mistakes"]) == 0
    assert "SHELL OIL 5744" in capsys.readouterr().out
