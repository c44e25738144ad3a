"""`hive eval chat`: the document, what is right, and files that cannot be measured."""

import json
from datetime import date

import pytest

from hive_desktop.cli.chat_evals import Question, judged, read_questions
from hive_desktop.cli.main import main
from hive_desktop.domain.figures import CellPlace, Figure
from hive_desktop.domain.receipts import CellKind
from hive_desktop.ports.errors import UsageError
from hive_desktop.services.analyst import Reply

TODAY = "2026-10-15"


def line(**told):
    return json.dumps({"question": "How much did I spend last month?", "today": TODAY} | told)


def test_the_document_has_every_outcome(tmp_path, capsys):
    path = tmp_path / "questions.jsonl"
    spent = {"kind": "money", "amount_minor": 429918, "currency": "USD"}
    path.write_text(
        "\n".join(
            (
                line(expect=[spent]),
                line(expect=[spent | {"amount_minor": 1}]),
                line(question="How much did I spend on pets?", expect=[spent]),
                line(question="Predict the lottery", refuse=True),
                line(expect=[], refuse=True),
            )
        ),
        encoding="utf-8",
    )
    assert main(["eval", "chat", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["questions"], told["right"], told["refused"], told["wrong"]) == (5, 2, 1, 2)
    outcomes = [one["outcome"] for one in told["details"]]
    assert outcomes == ["right", "wrong", "refused", "right", "wrong"]
    assert told["details"][0]["answer"].startswith("You spent $4,299.18")
    assert main(["eval", "chat", str(path), "--mistakes"]) == 0
    printed = capsys.readouterr().out
    assert "wrong        2" in printed
    assert "pets" in printed
    assert "lottery" not in printed


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "has no question"),
        ("not json", "Line 1 is no question"),
        ('{"today": "2026-10-15"}', "Line 1 is no question"),
        ('{"question": "x"}', "Line 1 is no question"),
        (line() + "\n" + line(expect=[{"kind": "sum", "value": 1}]), "Line 2 is no question"),
        (line(expect=[{"kind": "money", "amount_minor": 1.5, "currency": "USD"}]), "Line 1"),
        (line(today="yesterday"), "Line 1 is no question"),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path, content, said):
    path = tmp_path / "questions.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_questions(path)
    assert said in caught.value.rendered()[1]


def test_lines_without_a_day_have_the_option_s(tmp_path):
    path = tmp_path / "questions.jsonl"
    path.write_text('{"question": "x", "expect": [], "refuse": true}\n', encoding="utf-8")
    assert read_questions(path, date(2026, 1, 2))[0].today == date(2026, 1, 2)
    with pytest.raises(UsageError):
        read_questions(tmp_path / "none.jsonl")


def figure(kind, value, currency=None, formula="r1.total"):
    return Figure(kind, value, currency, (CellPlace("r1", "total"),), formula)


@pytest.mark.parametrize(
    ("expected", "found", "is_right"),
    [
        ({"kind": "count", "value": 3}, figure(CellKind.COUNT, 3), True),
        ({"kind": "count", "value": 3}, figure(CellKind.COUNT, 4), False),
        ({"kind": "count", "value": 3}, figure(CellKind.MONEY, 3, "USD"), False),
        ({"kind": "percent", "value": 12.5}, figure(CellKind.SHARE, 125), True),
        ({"kind": "percent", "value": 12.5}, figure(CellKind.SHARE, 126), False),
        ({"kind": "date", "value": "2026-10-03"}, figure(CellKind.DAY, date(2026, 10, 3)), True),
        ({"kind": "date", "value": "2026-10-03"}, figure(CellKind.DAY, date(2026, 10, 4)), False),
        ({"kind": "text", "value": "The Shop & Co"}, figure(CellKind.TEXT, "x"), True),
        ({"kind": "text", "value": "Elsewhere"}, figure(CellKind.TEXT, "x"), False),
    ],
)
def test_a_figure_is_held_against_its_own_kind(expected, found, is_right):
    question = Question(1, "?", date(2026, 10, 15), (expected,), refuse=False)
    reply = Reply("You were at Shop Co.", (), (found,), "en")
    assert judged(question, reply)["outcome"] == ("right" if is_right else "wrong")


def test_money_has_its_currency_and_its_sign():
    expected = {"kind": "money", "amount_minor": -500, "currency": "USD"}
    question = Question(1, "?", date(2026, 10, 15), (expected,), refuse=False)

    def outcome(*told):
        return judged(question, Reply("", (), (figure(CellKind.MONEY, *told),), "en"))["outcome"]

    assert outcome(-500, "USD") == "right"
    assert outcome(-500, "EUR") == "wrong"
    assert outcome(500, "USD") == "wrong"
    assert outcome(500, "USD", "diff r1.total r2.total") == "right"  # more or less say it
    assert outcome(500, "USD", "r1.owed") == "right"
