"""A token that takes the place of another, as a relay seals them anew."""

from hive_desktop.domain.changes import Actor
from hive_desktop.ports.bank import AccessToken, RenewedToken

OLD, NEW, NEWER = (AccessToken(f"hs1.{key}.aXRlbQ.x") for key in ("k1", "k2", "k3"))


def tokens(ledger):
    return dict(ledger.sql("SELECT plaid_item_id, access_token FROM plaid_items"))


def with_items(ledger):
    def work(writes):
        for name, token in (("a", OLD), ("b", AccessToken("access-sandbox-b"))):
            writes.add_item(name, token, "ins_1", "Bank")

    ledger.write(work)


def renew(ledger, *renewed):
    return ledger.run(
        ledger.database.write(
            lambda writes: writes.renew_tokens([RenewedToken(*one) for one in renewed]),
            actor=Actor.PROGRAM,
        )
    )


def test_it_is_written_to_its_item_alone(ledger):
    with_items(ledger)
    ledger.published.clear()
    _, changes = renew(ledger, (OLD, NEW))
    assert tokens(ledger) == {"a": NEW.value, "b": "access-sandbox-b"}
    assert changes.changed == {}  # nothing that is shown


def test_of_two_for_the_same_the_first_stands_and_a_chain_is_followed(ledger):
    with_items(ledger)
    renew(ledger, (OLD, NEW), (OLD, NEWER))
    assert tokens(ledger)["a"] == NEW.value
    renew(ledger, (NEW, NEWER), (NEWER, OLD))
    assert tokens(ledger)["a"] == OLD.value


def test_one_that_nobody_has_changes_nothing(ledger):
    with_items(ledger)
    before = tokens(ledger)
    renew(ledger)
    renew(ledger, (NEWER, NEW))
    assert tokens(ledger) == before


def test_a_connection_that_was_closed_meanwhile_stays_without(ledger):
    with_items(ledger)
    (row,) = ledger.sql("SELECT id FROM plaid_items WHERE plaid_item_id = 'a'")
    ledger.write(lambda writes: writes.close_item(row[0]))
    renew(ledger, (OLD, NEW))
    assert tokens(ledger)["a"] == ""
