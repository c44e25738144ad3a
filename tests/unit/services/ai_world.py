"""A vault's merchants in memory, and a model that answers as a test says."""

from hive_desktop.domain.changes import ChangeSet
from hive_desktop.domain.ledger import BankTransaction, Category, CategoryKind
from hive_desktop.domain.redaction import Redactor
from hive_desktop.ports.ai import Answer, Left, LeftReason, Outcome, ProfileFacts, Usage
from hive_desktop.ports.category_store import (
    UNASKED_BY,
    Again,
    OpenMerchant,
    TaughtMerchant,
    TaughtSample,
)
from hive_desktop.services.ai_access import AiAccess
from hive_desktop.services.ai_categorize import AiCategorizer
from hive_desktop.services.events import EventBus
from hive_desktop.services.tasks import TaskScope

REDACTOR = Redactor(b"r" * 32)
NAMES = ("Food & Dining", "Shopping", "Transfer", "Other")


def bank_row(name, amount_minor=1230):
    fields = dict.fromkeys(BankTransaction._fields)
    return BankTransaction(
        **(fields | {"name": name, "amount_minor": amount_minor, "currency": "USD"})
    )


def merchant(name, direction="out", rows=1):
    sign = 1 if direction == "out" else -1
    return OpenMerchant(name.casefold(), name, direction, rows, bank_row(name, sign * 1230))


class Memory:
    """Both `Database` and what its work is given."""

    def __init__(self):
        self.settings = {}
        self.open = []
        self.taught = []
        self.answers = {}

    async def read(self, work):
        return work(self)

    async def write(self, work, *, actor):
        return work(self), ChangeSet(actor)

    def setting(self, key):
        return self.settings.get(key)

    def put_setting(self, key, value):
        if value is None:
            self.settings.pop(key, None)
        else:
            self.settings[key] = value

    def categories(self):
        archived = Category(b"9", "Old", CategoryKind.EXPENSE, "#000000", "x", is_archived=True)
        return [
            *(Category(n.encode(), n, CategoryKind.EXPENSE, "#000000", "x") for n in NAMES),
            archived,
        ]

    @property
    def categorization(self):
        return self

    def open_merchants(self, limit, _model=None, again=Again.NONE):
        def is_done(one):
            answer = self.answers.get((one.key, one.direction))
            if answer is None or not again:
                return answer is not None
            is_left = answer.category is None and answer.model != UNASKED_BY
            return again is Again.LEFT and not is_left

        return [one for one in self.open if not is_done(one)][:limit]

    def left_merchants(self):
        return sum(
            one.category is None and one.model != UNASKED_BY for one in self.answers.values()
        )

    def taught_samples(self, limit):
        return self.taught[:limit]

    async def keep(self, answers):
        self.answers.update(((one.key, one.direction), one) for one in answers)
        return sum(one.category is not None for one in answers)


class Backend:
    model = "m"

    def __init__(self, maker, settings, prices, hooks):
        self.maker, self.settings, self.prices, self.hooks = maker, settings, prices, hooks
        self.is_closed = False

    @property
    def price(self):
        return self.prices.of(self.settings.model or "gpt-6-luna")

    async def categorize(self, questions, categories, examples=()):
        self.maker.asked.append((list(questions), tuple(categories), tuple(examples)))
        await self.maker.before()
        answers, left = [], []
        for one in questions:
            if "UNKNOWN" in one.text.text:
                left.append(Left(one.id, LeftReason.REFUSED))
            else:
                answers.append(Answer(one.id, "Shopping", 0.9))
        return Outcome(tuple(answers), tuple(left), Usage(1, 1, 1), self.model)

    async def close(self):
        self.is_closed = True


class Maker:
    def __init__(self):
        self.made = []
        self.asked = []
        self.refuses = None

    async def before(self):
        pass

    def profiles(self):
        return [ProfileFacts("openai", "OpenAI", "https://api.openai.com/v1", "gpt-6-luna", True)]

    def make(self, settings, prices, hooks):
        if self.refuses is not None:
            raise self.refuses
        self.made.append(Backend(self, settings, prices, hooks))
        return self.made[-1]

    make_chat = make

    @property
    def texts(self):
        return [[one.text.text for one in questions] for questions, *_ in self.asked]


class World:
    def __init__(self):
        self.memory = Memory()
        self.maker = Maker()
        self.recorded = []
        self.bus = EventBus()
        self.told = []
        self.scope = TaskScope("test")
        self.access = self.new_access()
        self.runner = AiCategorizer(
            self.memory, self.access, lambda: REDACTOR, self.memory.keep, self.bus
        )

    def new_access(self):
        return AiAccess(self.memory, self.maker, self.recorded.append, self._spent)

    async def _spent(self):
        return 7


def taught(name, category, n=4, total=4, *, row=None):
    known = TaughtMerchant(name.casefold(), name, "out", category, n, total)
    return TaughtSample(known, bank_row(row or name))
