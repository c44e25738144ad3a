"""What a proposal may name, and when a model is offered to make one."""

import pytest

from hive_desktop.domain.conversations import ChangeKind
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.domain.proposals import ProposalError, asks_for_change, proposal_of
from hive_desktop.domain.receipts import Cell, CellKind
from tests.spending import least_cpu_s
from tests.unit.domain.replies import money, receipt, text

ROW = TransactionQuery(ids=(b"x" * 16,))
RECEIPTS = {
    "r1": receipt("r1", money("total", 5), Cell("1.amount", CellKind.MONEY, 5, "GBP", ROW),
                  text("1.name", "Tesco")),
}  # fmt: skip
CATEGORIES = ("Food & Dining", "Other")


def propose(**change):
    given = {"kind": "recategorize", "rows": ["r1.1"], "value": "food & dining", "merchant": None}
    return proposal_of(
        {"changes": [given | change], "reason": " It is\nfood. "}, "p1", RECEIPTS, CATEGORIES
    )


@pytest.mark.parametrize(
    ("change", "kind", "value", "query"),
    [
        ({}, ChangeKind.RECATEGORIZE, "Food & Dining", ROW),
        ({"rows": ["R1"]}, ChangeKind.RECATEGORIZE, "Food & Dining", RECEIPTS["r1"].query),
        ({"rows": ["r1.1.amount"]}, ChangeKind.RECATEGORIZE, "Food & Dining", ROW),
        ({"kind": "make_rule", "merchant": "Tesco"}, ChangeKind.MAKE_RULE, "Food & Dining", ROW),
        ({"kind": "rename", "value": "Corner shop"}, ChangeKind.RENAME, "Corner shop", ROW),
        ({"kind": "tag", "value": "holiday"}, ChangeKind.TAG, "holiday", ROW),
        ({"kind": "mark_transfer", "value": None}, ChangeKind.MARK_TRANSFER, "", ROW),
    ],
)
def test_changes_name_their_rows(change, kind, value, query):
    made = propose(**change)
    (one,) = made.changes
    assert (one.kind, one.value, one.queries) == (kind, value, (query,))
    assert (made.id, made.reason, made.state) == ("p1", "It is food.", "open")


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "delete"}, {"kind": None}, {"rows": []}, {"rows": None}, {"rows": ["r9"]},
        {"rows": ["r1.9"]}, {"rows": ["all"]}, {"rows": ["r1.1.name"]}, {"value": "Nowhere"},
        {"value": None}, {"kind": "rename", "value": " "}, {"kind": "make_rule"},
    ],
)  # fmt: skip
def test_what_cannot_be_proposed(change):
    with pytest.raises(ProposalError):
        propose(**change)


@pytest.mark.parametrize("changes", [None, [], {}, ["x"], [None], [{}] * 21])
def test_malformed_proposals(changes):
    with pytest.raises(ProposalError):
        proposal_of({"changes": changes}, "p1", RECEIPTS, CATEGORIES)


@pytest.mark.parametrize(
    ("question", "is_asked"),
    [
        ("Please recategorize Tesco as Food", True),
        ("Move these to Travel", True),
        ("Make a rule for Netflix", True),
        ("Verschiebe das nach Reisen", True),
        ("Ordne Tesco bei Essen ein", True),
        ("How much did I spend last month?", False),
        ("Wie viel habe ich im Juni bei Tesco ausgegeben?", False),
        ("What is my balance?", False),
        ("List my subscriptions", False),
        ("Wie viel gebe ich pro Tag aus?", False),
        ("What did I spend at the market?", False),
        ("Please put all of these into Travel", True),
        ("Tag these as holiday", True),
        ("Can you rename it to Corner shop?", True),
        ("Could you please mark both as a transfer?", True),
        ("I'd like to move these to Travel.", True),
        ("Find my Uber rides and tag them as travel", True),
        ("What is that? Please recategorize it.", True),
        ("Tesco is food, please change it.", True),
        ("OK, now fix that", True),
        ("Set the category to Travel", True),
        ("Bitte ändere das auf Reisen", True),
        ("Kannst du Tesco bei Essen einordnen?", True),
        ("Benenne es um in Laden", True),
        ("Lege eine Regel für Netflix an", True),
        ("Ich möchte das umbenennen", True),
        ("How much did I move to savings?", False),
        ("how much did I move to savings", False),
        ("Is that correct?", False),
        ("Correct?", False),
        ("What should be my budget?", False),
        ("Which rules do I have?", False),
        ("Change since last month?", False),
        ("Change in spending since May", False),
        ("What changes did you make?", False),
        ("Where did I shop, eat and label things as food?", False),
        ("Do I treat myself too much?", False),
        ("How do I set a budget in Hive and change it?", False),
        ("Can you tell me how rules belong to categories?", False),
        ("Can I rename a merchant?", False),
        ("Does this belong in Travel?", False),
        ("Don't change anything", False),
        ("Welche Regeln habe ich?", False),
        ("Gehört das zu Reisen?", False),
        ("Wie viel habe ich auf das Sparkonto verschoben?", False),
        ("Hat sich etwas geändert?", False),
    ],
)
def test_proposals_are_offered_where_the_person_asks_for_a_change(question, is_asked):
    assert asks_for_change(question) is is_asked


def test_a_long_question_is_read_quickly():
    def read():
        for words in ("please ", "can you ", "set ", "bitte ", "?.", "and ", "make a "):
            assert not asks_for_change(words * 3_000 + "x")

    assert least_cpu_s(read, tries=2) < 2
