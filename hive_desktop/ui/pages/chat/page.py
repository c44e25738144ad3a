"""The Chat page: questions about the ledger, and answers whose figures lead to their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hive_desktop.domain.changes import Kind
from hive_desktop.domain.conversations import Message, Role
from hive_desktop.i18n import language, mark, tr
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.shortcuts import bind
from hive_desktop.ui.kit.skeleton import Skeleton
from hive_desktop.ui.kit.states import ErrorBanner, Stack
from hive_desktop.ui.kit.widgets import frame, on_click, row
from hive_desktop.ui.page import Page, PageName
from hive_desktop.ui.pages.chat.building import Building, newest_first, place_of
from hive_desktop.ui.pages.chat.composer import Composer
from hive_desktop.ui.pages.chat.freshness import Freshness
from hive_desktop.ui.pages.chat.guide import Guide
from hive_desktop.ui.pages.chat.keeping import Keeping
from hive_desktop.ui.pages.chat.pane import Pane
from hive_desktop.ui.pages.chat.proposals import ProposalDesk
from hive_desktop.ui.pages.chat.replies import Replies
from hive_desktop.ui.pages.chat.session_list import NEW_KEYS, SessionList
from hive_desktop.ui.pages.chat.transcript import Transcript
from hive_desktop.ui.pages.chat.welcome import Welcome
from hive_desktop.ui.pages.chat.words import FigureWriter

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from hive_desktop.domain.conversations import Conversation
    from hive_desktop.ports.chat import ChatEvent
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.chat_about import PageContext as About
    from hive_desktop.ui.page import PageContext
    from hive_desktop.ui.pages.chat.replies import Reply
    from hive_desktop.ui.pages.chat.turn import Turn

_TURNS: Final = 10
# What figures of an answer may not be the same after.
_MOVING: Final = (Kind.TRANSACTIONS, Kind.CATEGORIES, Kind.ACCOUNTS, Kind.EDITS)


class ChatPage(Page):
    """Sessions at the side; the transcript of one, and the composer under it."""

    keys = (
        ("Return", mark("Send the question")),
        ("Shift+Return", mark("Begin a new line")),
        ("Esc", mark("Stop the answer")),
        ("Up", mark("Ask the last question in other words")),
        (NEW_KEYS, mark("New conversation")),
        ("F2", mark("Rename the conversation")),
        ("Delete", mark("Delete the conversation, in the list")),
    )

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, tr("Chat"))
        session = context.session
        self._desk = session.chat_desk
        session.chat.write_by(FigureWriter)
        self.conversation: Conversation | None = None
        self._oldest: Message | None = None
        self._resends: Turn | None = None
        self._opening = aio.Latest(context.scope, self._failed, "chat-open")
        self._listing = aio.Latest(context.scope, self._failed, "chat-list")
        self._looking = aio.Latest(context.scope, self._failed, "chat-look")
        self.sessions = SessionList()
        self.transcript = Transcript()
        self.welcome = Welcome()
        self.composer = Composer()
        self.error = ErrorBanner(self.reload)
        self.proposals = ProposalDesk(context, self._desk)
        self.guide = Guide(self, context)
        self.building = Building(self._desk, self._wire, self._propose)
        self.freshness = Freshness(self.transcript, self._desk, context.scope, self._failed)
        self.keeping = Keeping(
            self,
            context,
            self._desk,
            failed=self._failed,
            renamed=self._renamed,
            gone=self._gone,
            back=self._back,
            looks=self.reload,
        )
        self.replies = Replies(
            self._desk,
            context.scope,
            changed=self._changed,
            refused=self._refused,
            replaced=self.transcript.replace,
            kept=self._kept,
            propose=self._propose,
        )
        self.stack = Stack(
            wait=Skeleton("cards", tr("Loading the conversation")),
            welcome=self.welcome,
            talk=self.transcript,
        )
        self.pane = Pane(self.error, self.stack, self.composer)
        line = row(self, gap=0)
        line.addWidget(self.sessions)
        line.addWidget(frame("edge"))
        line.addWidget(self.pane, 1)
        self._connect()
        self.bridge.on_changes(self._reshow, Kind.EDITS, Kind.RULES)
        self.bridge.on_changes(self.freshness.again, *_MOVING)
        self.reload()

    def reload(self) -> None:
        """Load the sessions, and what stands in the open one."""
        self.error.hide()
        self._listing.run(self._list())
        if self.conversation is None:
            self._opening.run(self._begin())
        else:
            self._opening.run(self._show(self.conversation))

    def activate(self) -> None:
        """Put the cursor where one asks."""
        self.composer.field.setFocus()

    async def settled(self) -> None:
        """Wait until the sessions and the open one are shown, and no reply is under way."""
        await self._listing.settled()
        await self._opening.settled()
        await self._looking.settled()
        await self.replies.settled()
        await self.proposals.settled()
        await aio.painted(self)
        await self.freshness.settled()

    def new(self) -> None:
        """Begin a session; it is kept with its first question."""
        self._leave()
        self._opening.run(self._begin())
        self.composer.field.setFocus()

    def open(self, session_id: str) -> None:
        """Show a session."""
        if self._key() != session_id:
            self._leave()
            self._opening.run(self._open(session_id))

    def ask(self, text: str) -> None:
        """Ask in the session that is open; what is written in the composer goes."""
        conversation = self.conversation
        if conversation is None or self.replies.of(conversation) is not None:
            return
        about, edited = self.composer.about, self._resends
        self._resends = None
        self.composer.clear()
        self.error.hide()
        asked = Message(Role.PERSON, text, about="" if about is None else about.words)
        if edited is not None and edited in self.transcript.turns and edited.question is not None:
            events = self._desk.resend(conversation, edited.question, text)
            asked.about = edited.question.about
            self.transcript.drop_after(edited)
        else:
            events = self._desk.ask(conversation, text, about=about)
        self._answer(events, asked)

    async def show_example(self) -> None:
        """Show the newest session; where there is none, ask one of the suggested questions."""
        await self.settled()
        if known := self.sessions.ids():
            self.open(known[0])
        elif self.welcome.buttons:
            self.welcome.buttons[-1].click()
        await self.settled()

    def ask_anew(self, text: str) -> None:
        """Ask in a new session."""
        self._leave()
        self._opening.run(self._begin(text))

    def prefill(self, about: About | None) -> None:
        """Let the next question be about something, until the person drops that."""
        if about is not None:
            self.composer.show_about(about)
        self.composer.field.setFocus()

    def _connect(self) -> None:
        self.sessions.chosen.connect(self.open)
        self.sessions.new_wanted.connect(self.new)
        self.sessions.searched.connect(lambda _text: self._listing.run(self._list()))
        self.sessions.rename_wanted.connect(self._rename)
        self.sessions.delete_wanted.connect(self.keeping.delete)
        on_click(self.pane.rename, lambda: self._rename(self._key()))
        on_click(self.pane.delete, lambda: self.keeping.delete(self._key()))
        self.welcome.chosen.connect(self.ask)
        self.welcome.set_up_wanted.connect(lambda: self.context.go.show_page(PageName.SETTINGS))
        self.composer.sent.connect(self.ask)
        self.composer.stopped.connect(self._stop)
        self.composer.recalled.connect(self._recall)
        self.composer.left.connect(self._end_edit)
        self.transcript.older_wanted.connect(self._older)
        bind(self, {NEW_KEYS: self.new}, within=True)

    def _key(self) -> str:
        return "" if self.conversation is None else self.conversation.id

    def _rename(self, session_id: str) -> None:
        self.keeping.rename(session_id, self.sessions.title_of(session_id))

    def _renamed(self, session_id: str, title: str) -> None:
        if self.conversation is not None and self.conversation.id == session_id:
            self.conversation.title = title
            self._changed(self.conversation)
        self._listing.run(self._list())

    def _gone(self, session_id: str) -> None:
        if self._key() == session_id:
            self._leave()
            self._opening.run(self._begin())
        self._listing.run(self._list())

    def _back(self, session_id: str) -> None:
        self._listing.run(self._list())
        self.open(session_id)

    async def _list(self) -> None:
        lines = await self._desk.sessions(self.sessions.text())
        self.sessions.show_lines(lines, self._key(), self.context.session.clock.now())

    async def _begin(self, question: str = "") -> None:
        conversation = await self._desk.create()
        if question:
            self._take(conversation)
            self.transcript.clear()
            self.ask(question)
            return
        questions = await self._desk.suggestions(language())
        self.welcome.show_questions(questions, has_model=self.context.session.ai.is_set_up)
        self._take(conversation)
        self.transcript.clear()
        self.stack.show_one("welcome")

    async def _open(self, session_id: str) -> None:
        await self._show(await self._desk.open(session_id))

    async def _show(self, conversation: Conversation) -> None:
        if not conversation.messages:
            self._take(conversation)
            self.stack.show_one("welcome")
            return
        while True:
            at = (self.replies.of(conversation), len(conversation.messages))
            first = newest_first(conversation.messages, at[1], _TURNS)
            part = await self.building.read(conversation, first, at[1])
            if at == (self.replies.of(conversation), len(conversation.messages)):
                break  # else more was said meanwhile, or a reply has ended
        turns = self.building.turns(part)
        self._take(conversation)
        self._oldest = conversation.messages[first]
        reply = self.replies.of(conversation)
        if reply is not None and turns:
            reply.turn, reply.before = turns[-1], None
            turns[-1].begin()
        self.stack.show_one("talk")
        self.transcript.show_turns(turns, has_older=first > 0)
        # A model is told of what is loaded, so more than is shown at first.
        await self._desk.older(conversation)
        has_older = place_of(conversation.messages, self._oldest) > 0
        self.transcript.show_has_older(has_older=has_older)

    def _leave(self) -> None:
        """Let no session be the open one; a reply in it goes on."""
        if (reply := self.replies.of(self.conversation)) is not None:
            reply.turn = reply.before = None
        self._looking.cancel()
        self.conversation = None

    def _take(self, conversation: Conversation) -> None:
        """Let a session be the open one."""
        self._leave()
        self.error.hide()
        self.composer.end_edit()
        self.conversation = conversation
        self._changed(conversation)

    def _wire(self, turn: Turn) -> None:
        turn.chosen.connect(self._chosen)
        turn.opened.connect(self.context.go.show_transactions)
        turn.again_wanted.connect(lambda: self._again(turn))
        turn.asked.connect(self.ask)
        turn.edit_wanted.connect(lambda: self._edit(turn))

    def _older(self) -> None:
        self._opening.run(self._show_older())

    async def _show_older(self) -> None:
        conversation = self.conversation
        if conversation is None or not conversation.messages:
            return
        end = place_of(conversation.messages, self._oldest)
        first = newest_first(conversation.messages, end, _TURNS)
        self._oldest = conversation.messages[first]
        part = await self.building.read(conversation, first, end)
        self.transcript.put_before(self.building.turns(part), has_older=first > 0)
        if first == 0:
            has_older = await self._desk.older(conversation) > 0
            self.transcript.show_has_older(has_older=has_older)

    def _answer(self, events: AsyncGenerator[ChatEvent, None], asked: Message) -> None:
        conversation = self.conversation
        if conversation is None:
            return
        turn = self.building.turn(conversation, asked)
        self.stack.show_one("talk")
        self.transcript.add(turn)
        self.replies.start(conversation, events, turn)

    def _again(self, turn: Turn) -> None:
        conversation = self.conversation
        if conversation is None or turn.question is None or self.replies.of(conversation):
            return
        self.composer.field.setFocus()  # the button goes, and would give the focus to anything
        again = self._desk.again(conversation)
        if turn.answers:
            made = self.building.turn(conversation, turn.question)
            self.replies.start(conversation, again, made, turn)
            return
        self.transcript.drop_after(turn)
        self._answer(again, turn.question)

    def _kept(self, reply: Reply) -> None:
        """Show what was there before another answer that did not come."""
        if reply.turn is not None and reply.before is None and self.conversation is not None:
            self._opening.run(self._show(self.conversation))

    def _edit(self, turn: Turn) -> None:
        if turn.question is not None and self.replies.of(self.conversation) is None:
            self._resends = turn
            self.composer.begin_edit(turn.question.text)

    def _recall(self) -> None:
        if self.transcript.turns:
            self._edit(self.transcript.turns[-1])

    def _end_edit(self) -> None:
        self._resends = None

    def _stop(self) -> None:
        if self.conversation is not None:
            self._spawn(self._desk.stop(self.conversation), "chat-stop")

    def _changed(self, conversation: Conversation) -> None:
        """Show what is different now: a title, or whether a reply is under way."""
        self._listing.run(self._list())
        if conversation is not self.conversation:
            return
        self.pane.show_title(conversation.title)
        self.sessions.show_opened(conversation.id)
        self.composer.show_busy(is_busy=self.replies.of(conversation) is not None)

    def _refused(self, reply: Reply, error: HiveError) -> None:
        """Say why a question was not asked, and give it back."""
        turn = reply.turn
        if reply.before is not None:
            reply.before.back()
        if turn is not None and turn in self.transcript.turns and not reply.has_begun:
            asked = turn.question.text if turn.question is not None else ""
            self.transcript.drop_after(turn)
            self.composer.field.write(asked)
        elif turn is not None:
            turn.finish(None)
        self._failed(error)

    def _propose(self, turn: Turn, proposal: object) -> None:
        self.proposals.show(turn, proposal)  # type: ignore[arg-type]

    def _reshow(self) -> None:
        """Show figures and proposals anew: amounts were hidden, or rows have changed."""
        if self.conversation is not None and self.replies.of(self.conversation) is None:
            self._looking.run(self._look_again())

    async def _look_again(self) -> None:
        for turn in list(self.transcript.turns):
            for answer in turn.answers:
                shown = await self._desk.shown(turn.conversation, answer.message)
                answer.show_whole(shown)
            if turn.answers:
                turn.answers[-1].show_charts()
        self.proposals.look_again()

    def _chosen(self, href: str) -> None:
        receipts = {} if self.conversation is None else self.conversation.receipts
        self.guide.follow(href, receipts)

    def _failed(self, error: HiveError) -> None:
        if self.stack.shown() == "wait":
            self.stack.show_one("welcome")
        self.error.show_error(error)

    def _spawn(self, work: aio.Work, name: str) -> None:
        aio.spawn(self.context.scope, work, on_error=self._failed, name=name)
