"""What a vault keeps of notices, in memory; and a teller that remembers what it told."""

from datetime import UTC, datetime

from hive_desktop.domain.noticing import happening_of, happening_text
from hive_desktop.ports.notices import ToldNotice


class MemoryNotices:
    """Implements `ports.notices.NoticeWrites` over runs and rows that a test sets."""

    def __init__(self):
        self.runs = []
        self.rows = {}
        self.failing = {}
        self.kept = {}
        self.seen = None
        self.now = datetime(2026, 3, 14, 12, tzinfo=UTC)

    def mark(self):
        return self.seen

    def newest_run(self):
        return max((one.seq for one in self.runs), default=0)

    def runs_after(self, seq):
        return [one for one in self.runs if one.seq > seq]

    def accounts_of(self, run_ids, limit):
        rows = [row for one in run_ids for row in self.rows.get(one, ())]
        return list({row.account_id for row in rows[:limit]})

    def rows_of(self, run_ids, first_day, limit):
        rows = [row for one in run_ids for row in self.rows.get(one, ())]
        return [row for row in rows if row.posted_on >= first_day][:limit]

    def failing_since(self):
        return dict(self.failing)

    def known(self, keys):
        return {one for one in keys if one in self.kept}

    def untold(self):
        return [
            happening_of(kind, key, body)
            for key, (kind, body, told) in self.kept.items()
            if not told
        ]

    def latest(self, limit):
        found = [(key, *line) for key, line in self.kept.items() if line[1]]
        return [
            ToldNotice(happening_of(kind, key, body), self.now, self.now if told else None)
            for key, kind, body, told in found[::-1][:limit]
        ]

    def keep(self, happenings, *, told=False):
        for one in happenings:
            self.kept.setdefault(one.key, (one.kind.value, happening_text(one), told))
            for key in one.also:
                self.kept.setdefault(key, (one.kind.value, "", True))

    def tell(self, keys):
        for key in keys:
            kind, body, _ = self.kept[key]
            self.kept[key] = (kind, body, True)

    def end(self, keys):
        for key in keys:
            self.kept.pop(key, None)

    def keep_failing(self, since):
        self.failing |= since

    def advance(self, seq):
        self.seen = seq

    def prune(self, before):
        del before


class Teller:
    """Keeps what it is to tell."""

    def __init__(self):
        self.told = []
        self.is_in_sight = False
        self.is_gone = False

    def tell(self, happenings, *, hides_details):
        if not self.is_gone:
            self.told.append((list(happenings), hides_details))
        return not self.is_gone
