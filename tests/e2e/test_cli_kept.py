"""`hive accounts` and `hive categories`: what the person says of these themselves."""


def account(teller, place=0):
    return teller.asks("accounts")["accounts"][place]


def category(teller, name):
    found = teller.asks("categories", "list")["categories"]
    return next((one for one in found if one["name"] == name), None)


def test_accounts_are_named_hidden_and_left_out(teller):
    teller.sync()
    first = account(teller)
    renamed = teller.asks("accounts", "rename", first["id"], "Everyday")
    assert (renamed["account"]["name"], renamed["account"]["bank_name"]) == (
        "Everyday",
        first["name"],
    )
    teller.say("accounts", "hide", "everyday")
    teller.say("accounts", "worth", "everyday", "off")
    shown = account(teller)
    assert (shown["is_hidden"], shown["in_net_worth"]) == (True, False)
    assert "hidden" in teller.say("accounts").out
    for _ in range(3):
        teller.say("transactions", "undo")
    assert account(teller) == first
    everyone = [one["id"] for one in teller.asks("accounts")["accounts"]]
    turned = teller.asks("accounts", "order", *reversed(everyone))
    assert [one["id"] for one in turned["accounts"]] != everyone
    teller.refuses("accounts", "hide", "nobody")


def test_categories_are_added_changed_archived_and_merged(teller):
    teller.bank.add_transaction("20.00", "ZORBLAX 001")
    teller.sync()
    teller.say("categories", "add", "Pets", "--colour", "#112233", "--icon", "heart")
    assert category(teller, "Pets")["colour"] == "#112233"
    teller.say("categories", "rename", "Pets", "Animals")
    teller.say("categories", "colour", "animals", "#445566")
    assert category(teller, "Animals")["colour"] == "#445566"
    (row,) = teller.asks("transactions", "--search", "zorblax")["transactions"]
    teller.say("transactions", "set-category", row["id"], "Animals")
    merged = teller.asks("categories", "merge", "Animals", "Other")
    assert merged["rows"] == 1
    assert category(teller, "Animals") is None
    (row,) = teller.asks("transactions", "--search", "zorblax")["transactions"]
    assert row["category"] == "Other"
    assert "a category of its own again" in teller.say("transactions", "undo").err
    (row,) = teller.asks("transactions", "--search", "zorblax")["transactions"]
    assert row["category"] == "Animals"
    teller.say("categories", "archive", "Animals")
    assert category(teller, "Animals")["is_archived"]
    teller.say("categories", "archive", "Animals", "--back")
    assert not category(teller, "Animals")["is_archived"]
    teller.refuses("categories", "merge", "Transfer", "Other")
    teller.refuses("categories", "rename", "Animals", "other")
    assert "Animals" in teller.say("categories").out
