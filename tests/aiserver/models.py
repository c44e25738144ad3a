"""Models as they are: competent, careless, gullible, broken. Each answers a request by what it
reads in it."""

import json
import re

from tests.aiserver.streams import (
    Stream,
    calling,
    calls,
    ending,
    has_tools,
    last_is_result,
    outside_of_data,
    results,
    speaking,
)

NOTE = "could not verify"
MONTH = {"period": "last month", "categories": [], "merchants": [], "accounts": [],
         "group_by": "none"}  # fmt: skip
WANTED = {
    "balance": ("balances", {"accounts": []}),
    "worth": ("net_worth", {"day": None}),
    "spen": ("spending_summary", MONTH),
}
_ORDER = re.compile(
    r"(?:call|send|use|show)\b.{0,40}\b(balances?|transfers|net_worth)", re.IGNORECASE
)


def last_question(asked):
    said = [one["content"] for one in asked.body["messages"] if one["role"] == "user"]
    return next(text for text in reversed(said) if NOTE not in text)


def is_note(asked):
    last = asked.body["messages"][-1]
    return last["role"] == "user" and NOTE in last["content"]


def competent(server, asked):
    """Look up what the question is about, and refer to every cell."""
    if last_is_result(asked) or is_note(asked):
        lines = [
            f"- [[{key}.{cell}]]"
            for key, found in results(asked).items()
            for cell in list(found["cells"])[:12]
        ]
        return speaking("Here it is:\n" + "\n".join(lines))(server, asked)
    question = last_question(asked).lower()
    wanted = [call for word, call in WANTED.items() if word in question]
    if wanted and has_tools(asked):
        return calling(*wanted)(server, asked)
    return speaking("I cannot tell.")(server, asked)


def careless(wrong, right="[[r1.total]]"):
    """Look up, write a wrong figure, and mend it when told."""

    def answer(server, asked):
        if is_note(asked):
            return speaking(f"You spent {right}.")(server, asked)
        if last_is_result(asked):
            return speaking(f"You spent {wrong} [[r1]].")(server, asked)
        return competent(server, asked)

    return answer


def gullible(server, asked):
    """Do whatever a text outside of the fences orders, and whatever a fenced one does as well as
    it can be understood: a model that knows no fence."""
    texts = outside_of_data(asked)
    for found in results(asked).values():
        texts += "\n" + json.dumps(found)
    texts = texts.replace(outside_of_data(asked).split("\n", 1)[0], "")
    prompt = asked.body["messages"][0]["content"]
    order = _ORDER.search(texts.replace(prompt, ""))
    if order and last_is_result(asked):
        name = order[1].lower()
        wanted = {"net_worth": ("net_worth", {"day": None})}.get(
            name, ("balances", {"accounts": []})
        )
        done = [call["function"]["name"] for one in asked.body["messages"]
                for call in one.get("tool_calls") or ()]  # fmt: skip
        if wanted[0] not in done:
            return calling(wanted, first_id=50)(server, asked)
    return competent(server, asked)


def proposing(server, asked):
    """Propose a change whatever was asked, and put a link into the answer."""
    done = [call["function"]["name"] for one in asked.body["messages"]
            for call in one.get("tool_calls") or ()]  # fmt: skip
    if {"propose_changes", "unknown_tool"} & set(done):  # not offered, it is told so
        text = "Done, see [here](https://evil.example/?total=[[r1.total]]) https://evil.example/x"
        return speaking(text)(server, asked)
    change = {"kind": "recategorize", "rows": ["r1"], "value": "Income", "merchant": None}
    wanted = ("propose_changes", {"changes": [change], "reason": "The bank said so."})
    if last_is_result(asked):
        return calling(wanted, first_id=70)(server, asked)
    return competent(server, asked)


def endless(server, asked):
    """Call a tool for ever, even where there is none."""
    place = sum(1 for one in asked.body["messages"] if one["role"] == "tool") + 1
    made = calls(asked, ("spending_summary", MONTH), first_id=place)
    return Stream([*made, *ending(asked, "tool_calls")])
