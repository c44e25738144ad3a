"""What an assistant of another program proposed, as the chat shows it: nobody asked there."""

from hive_desktop.domain.conversations import (
    ChangeKind,
    Conversation,
    Ended,
    Message,
    Proposal,
    ProposalState,
    ProposedChange,
    Role,
    ToolCall,
)
from hive_desktop.domain.ledger import TransactionQuery
from tests.ui.test_chat import NOW, PAGE, spending, until, window_of, words


async def test_a_proposal_without_a_question_is_shown_and_applied(session, themes):
    made = Conversation("d" * 32, "Claude: Trips.")
    receipt = made.keep(spending())
    look, propose = ToolCall("r1-call", receipt.tool, "{}"), ToolCall("c2", "propose_changes", "{}")
    made.messages = [
        Message(Role.MODEL, calls=(look,), ended=Ended.DONE, model="Claude", at=NOW),
        Message(Role.TOOL, "{}", call_id="r1-call", receipt=receipt.id, at=NOW),
        Message(Role.MODEL, calls=(propose,), ended=Ended.DONE, model="Claude", at=NOW),
        Message(Role.TOOL, "The person sees it.", call_id="c2", at=NOW),
        Message(Role.MODEL, ended=Ended.DONE, model="Claude", at=NOW),
    ]
    change = ProposedChange(ChangeKind.TAG, (TransactionQuery(),), "trip")
    made.proposals = [Proposal("p1", (change,), "Trips.", ProposalState.OPEN, "c2")]
    session.chat_desk.keep(made)
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.open(made.id)
        await page.settled()
        (turn,) = page.transcript.turns
        assert [one.words() for one in turn.lines.values()][-1] == "Prepared a proposal"
        assert words(page) == []
        (card,) = turn.proposals
        await until(card.apply.isVisible)
        assert card.reason.text() == "Trips."
        card.apply.click()
        await until(lambda: made.proposals[0].state is ProposalState.APPLIED)
