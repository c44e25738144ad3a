"""The offline analyst's sentences: in the language of the question, with every figure cited."""

import asyncio
import re
from datetime import date

import pytest

from hive_desktop.cli import chat
from hive_desktop.cli.chat_evals import demo_session
from hive_desktop.domain.figures import FigureWords
from hive_desktop.domain.questions.names import NamedCategory, Names
from hive_desktop.domain.references import cited, found_in
from hive_desktop.services.analyst_words import examples

TODAY = date(2026, 10, 15)
ASKED = {
    "more": "How much more did I spend in September than in August?",
    "less": "How much did I spend in August compared to September?",
    "fell": "Compare July with August",
    "backward": "How much less did I spend in August than in September?",
    "two_largest": "What was my largest purchase in 2025?",
    "two_nets": "How much did I save last month?",
    "german": "Wie viel habe ich im September bei Amazon ausgegeben?",
    "german_count": "Wie viele Buchungen sind vorgemerkt?",
    "refund": "How much did my Amazon purchases cost in 2025?",
    "transfer": "How much did I spend at Venmo in 2025?",
    "nothing": "What was my biggest purchase at IKEA yesterday?",
    "zero": "How much did I spend at IKEA yesterday?",
    "euro": "How much did I spend at Nos in 2025?",
    "partly": "How much did I spend in 2024?",
    "refused": "Wie viel habe ich bei Aldi ausgegeben?",
}


@pytest.fixture(scope="module")
def said():
    """Return for each question the reply, and its text with the figures written out."""

    async def work():
        async with demo_session(TODAY) as session:
            replies = {name: await session.analyst.reply(text) for name, text in ASKED.items()}
            parts = [one async for one in session.analyst.stream(ASKED["more"], first=7)]
            document = await chat.document(session, replies["more"])
        return replies, parts, document

    replies, parts, document = asyncio.run(work())
    texts = {
        name: chat.rendered(
            one.text, {each.id: each for each in one.receipts}, FigureWords(one.language)
        )
        for name, one in replies.items()
    }
    return replies, texts, parts, document


def test_every_figure_of_an_answer_is_a_reference(said):
    replies, *_ = said
    for name, reply in replies.items():
        receipts = {one.id: one for one in reply.receipts}
        for one in found_in(reply.text):
            assert cited(one.inner, receipts).figure is not None, name
        bare = re.sub(r"\[\[.*?\]\]", "", reply.text)
        assert not re.search(r"[$€%]|\d[.,]\d", bare), bare


def test_a_comparison_says_which_side_is_more(said):
    _, texts, *_ = said
    assert "September 2026 is $139.21 more." in texts["more"]
    assert "September 2026 is $139.21 more." in texts["less"]
    assert "The change is 3.3%." in texts["more"]


def test_the_sentence_of_a_comparison_agrees_with_the_sign_of_the_change(said):
    _, texts, *_ = said
    assert "August 2026 is $7.00 less.\n\nThe change is -0.2%." in texts["fell"]
    assert "August 2026 is $139.21 less.\n\nThe change is -3.2%." in texts["backward"]


def test_sentences_of_two_currencies_say_of_which_they_are(said):
    _, texts, *_ = said
    dollars, euros, _ = texts["two_largest"].split("\n\n")
    assert dollars.startswith("In USD, the largest was $")
    assert euros.startswith("In EUR, the largest was €")
    dollars, euros, _ = texts["two_nets"].split("\n\n")
    assert dollars.startswith("In USD, $3,872.35 was left:")
    assert euros.startswith("In EUR, you spent more than you earned:")


def test_the_answer_is_in_the_language_of_the_question(said):
    _, texts, *_ = said
    assert texts["german"].startswith("Sie haben ")
    assert "Amazon · September 2026" in texts["german"]
    assert texts["german_count"].startswith("15 Buchungen sind vorgemerkt.")
    assert "„" in texts["refused"] or "Aldi".casefold() in texts["refused"].casefold()
    assert "Sie könnten zum Beispiel fragen:" in texts["refused"]


def test_purchases_with_refunds_say_both(said):
    _, texts, *_ = said
    assert re.search(r"That is \$[\d,.]+ paid less \$[\d,.]+ refunded\.", texts["refund"])


def test_what_is_no_spending_is_not_called_nothing_spent(said):
    replies, texts, *_ = said
    assert replies["transfer"].refusal == "not_spending"
    assert "none counts as spending" in texts["transfer"]
    assert replies["nothing"].refusal == "nothing"
    assert texts["zero"].startswith("You spent $0.00.")


def test_another_currency_stands_alone(said):
    _, texts, *_ = said
    assert re.match(r"You spent €[\d,.]+\.", texts["euro"])


def test_days_that_the_ledger_does_not_reach_are_told(said):
    _, texts, *_ = said
    assert "the ledger begins on 15 October 2024" in texts["partly"]


def test_a_stream_gives_the_reply_and_parts_no_reference(said):
    _, _, parts, _ = said
    reply, *pieces = parts
    assert "".join(pieces) == reply.text
    assert len(pieces) > 5
    assert [one.id for one in reply.receipts] == ["r7", "r8"]
    assert all(one.count("[[") == one.count("]]") for one in pieces)


def test_the_document_names_rows_for_each_receipt(said):
    *_, document = said
    assert document["backend"] == "offline"
    (figure,) = [one for one in document["figures"] if one["receipt"] == "diff r1.total r2.total"]
    assert (figure["text"], figure["verified"]) == ("$139.21", True)
    assert (figure["amount_minor"], figure["currency"]) == (13_921, "USD")
    first, second = figure["parts"]
    assert first["amount_minor"] - second["amount_minor"] == 13_921
    (percent,) = [one for one in document["figures"] if one["receipt"].startswith("growth ")]
    assert "amount_minor" not in percent
    assert figure["computed"] == f"{first['text']} - {second['text']}"
    assert [one["receipt"] for one in figure["parts"]] == ["r1.total", "r2.total"]
    assert [one["query"]["start"] for one in figure["parts"]] == ["2026-09-01", "2026-08-01"]
    assert [one["tool"] for one in document["receipts"]] == ["spending_summary"] * 2
    assert all(one["rows"] > 0 for one in document["receipts"])
    assert document["receipts"][0]["query"]["start"] == "2026-09-01"


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_ledger_without_rows_has_a_question_that_reads_well(language):
    food = NamedCategory("Food & Dining")
    (only,) = examples(Names(categories=(food,)), language)
    assert "in last month" not in only
    assert "in letzten" not in only
