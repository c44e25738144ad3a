"""What an import would do: tables for people, and what programs read of it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from hive_desktop.cli import output, shapes
from hive_desktop.domain.days import from_day
from hive_desktop.domain.importing import Verdict
from hive_desktop.domain.money import NO_CURRENCY
from hive_desktop.services.importing_targets import last_digits, names_currency, says_anything

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from hive_desktop.domain.importing import Judged
    from hive_desktop.ports.errors.files import UnreadableFileError
    from hive_desktop.services.importing_preview import Imported, Preview, Section
    from hive_desktop.services.importing_source import Source

_SURE = 0.9
_FIRST = 5
_SHOWN = 20
_ID_BYTES = 16
_CORRECTIONS = "--columns, --dates, --decimal or --positive"
_WORDS = {
    Verdict.NEW: "new",
    Verdict.MATCHED: "already there",
    Verdict.DOUBTFUL: "doubtful",
    Verdict.REFUSED: "refused",
}


def is_refused_whole(preview: Preview) -> bool:
    """Tell whether there are rows, and none of them can be taken."""
    counts = preview.counts
    return counts.refused > 0 and not (counts.new or counts.matched or counts.doubtful)


def show(
    preview: Preview, sources: Sequence[Source], *, is_same: bool, is_chosen: bool = False
) -> None:
    """Print what an import would do.

    Args:
        preview: what would be done.
        sources: the files, whose remarks are told.
        is_same: doubtful rows are taken for those that are there.
        is_chosen: the person said into which account.
    """
    for source in sources:
        name = output.printable(source.name)
        for text in _remarks(source):
            output.say(f"{name}: {text}")
        if _is_guessed(source):
            way = "--dates" if source.guess is None else _CORRECTIONS
            output.say(
                f"{name}: how it is to be read was guessed; look at days, signs and amounts. "
                f"What is wrong is put right by {way}."
            )
    before = [
        f"{output.printable(one.file_name)} was imported on "
        f"{output.day_of(one.at) if one.at else 'an earlier day'} already."
        for one in preview.before
    ]
    for text in dict.fromkeys(before):
        output.say(text)
    for section in preview.sections:
        for text in _supposed(section, is_chosen=is_chosen):
            output.say(f"{output.printable(section.source.name)}: {text}")
    if not preview.sections:
        return
    # A doubtful row comes too, unless the person says that it is there.
    coming = (Verdict.NEW,) if is_same else (Verdict.NEW, Verdict.DOUBTFUL)
    headings = ("File", "Account", "New", "There", "Doubtful", "Refused", "Out", "In")
    output.print_table(
        headings,
        [_line(section, coming) for section in preview.sections],
        right="New There Doubtful Refused Out In",
    )
    for section in preview.sections:
        _show_new(section)
        _show_odd(section)


def document(
    preview: Preview,
    done: Imported | None,
    unread: Sequence[tuple[str, UnreadableFileError]],
    *,
    is_chosen: bool = False,
) -> dict[str, Any]:
    """Return what an import would do, or did, for programs; `is_chosen` as of `show`."""
    return {
        "unread": [_unread(name, error) for name, error in unread],
        "sections": [_section(one, is_chosen=is_chosen) for one in preview.sections],
        "counts": preview.counts._asdict(),
        "batch": None if done is None else shapes.batch(done.batch),
        "added": 0 if done is None else done.counts.new + done.counts.doubtful,
        "asked": 0 if done is None else done.asked,
    }


def _is_guessed(source: Source) -> bool:
    """Tell whether a guess is not above what never was wrong."""
    guess = source.guess
    return source.read.confidence <= _SURE or (guess is not None and guess.confidence <= _SURE)


def _remarks(source: Source) -> list[str]:
    """Return what was tolerated or guessed, each sentence once."""
    why = source.guess.why if source.guess else ()
    return list(dict.fromkeys((*source.read.dialect, *why)))


def _supposed(section: Section, *, is_chosen: bool) -> list[str]:
    """Return in sentences what the file does not say, and was taken all the same."""
    said = []
    new, told = section.target.new, section.statement.account
    digits, known = last_digits(told.number), section.account and section.account.mask
    if new is not None and not section.is_strange and not names_currency(section.statement):
        said.append(
            f"it names no currency; {new.currency} is taken, as all your accounts have it. "
            "--currency says another."
        )
    if is_chosen and digits and known and digits != known:
        said.append(f"it tells the account ··{digits}; its rows go into another, as you said.")
    if section.account is not None and not is_chosen and not says_anything(told):
        said.append(
            f"it names no account; its rows go into “{output.printable(section.name)}”, as those "
            "of the last file of its kind did. --account says another, or new."
        )
    return said


def _line(section: Section, coming: tuple[Verdict, ...]) -> tuple[str, ...]:
    counts = section.counts
    account = section.title if section.account is not None else f"{section.title} (new)"
    sums = section.sums(*coming)
    out = ", ".join(output.money(one[0], code, flip=False) for code, one in sums.items() if one[0])
    into = ", ".join(output.money(one[1], code, flip=False) for code, one in sums.items() if one[1])
    numbers = (f"{one:,}" for one in counts)
    return (section.source.name, account, *numbers, out, into)


def _cells(section: Section, one: Judged) -> tuple[str, str, str, str]:
    currency = one.row.currency or section.currency or NO_CURRENCY
    return (
        f"{one.row.line:,}",
        from_day(one.row.day).isoformat(),
        output.money(one.row.amount_minor, currency),
        one.row.name,
    )


def _show_new(section: Section) -> None:
    """Show the first rows that come: whoever agrees to them sees how the file was read."""
    found = (one for one in section.judged if one.verdict is Verdict.NEW)
    lines = [_cells(section, one) for one in islice(found, _FIRST)]
    if not lines:
        return
    total = section.counts.new
    first = "" if total == len(lines) else f", the first {len(lines)}"
    output.say(f"{output.printable(section.source.name)}: {_WORDS[Verdict.NEW]}{first}")
    output.print_table(("Line", "Date", "Amount", "Name"), lines, right="Line Amount")


def _show_odd(section: Section) -> None:
    """Tell the rows that a person should look at."""
    for verdict in (Verdict.DOUBTFUL, Verdict.REFUSED):
        found = [one for one in section.judged if one.verdict is verdict]
        lines = [
            (
                *_cells(section, one),
                " ".join(one.why) if one.stored is None else _like(one.stored.bank.name),
            )
            for one in found[:_SHOWN]
        ]
        if verdict is Verdict.REFUSED:
            room = _SHOWN - len(lines)
            lines += [
                (f"{one.line:,}", "", "", one.text, one.reason) for one in section.unread[:room]
            ]
            total = len(found) + len(section.unread)
        else:
            total = len(found)
        if not lines:
            continue
        output.say(f"{output.printable(section.source.name)}: {_WORDS[verdict]}")
        output.print_table(("Line", "Date", "Amount", "Name", "Why"), lines, right="Line Amount")
        if total > len(lines):
            output.say(f"... and {total - len(lines):,} more; --json has all of them.")


def _like(name: str) -> str:
    return f"may be “{name}”, which is there"


def _unread(name: str, error: UnreadableFileError) -> dict[str, str]:
    _, message, hint = error.rendered(in_window=False)
    return {"file": name, "message": message, "hint": hint}


def _section(section: Section, *, is_chosen: bool) -> dict[str, Any]:
    source = section.source
    return {
        "file": source.name,
        "format": source.read.kind.value,
        "confidence": source.guess.confidence if source.guess else source.read.confidence,
        "remarks": [*_remarks(source), *_supposed(section, is_chosen=is_chosen)],
        "account": section.name,
        "account_id": None if section.account is None else output.id_text(section.account.id),
        "counts": section.counts._asdict(),
        "expected": section.statement.expected,
        "rows": [
            {
                "line": one.row.line,
                "date": from_day(one.row.day).isoformat(),
                "amount_minor": one.row.amount_minor,
                "currency": one.row.currency or section.currency,
                "name": one.row.name,
                "verdict": one.verdict.value,
                "why": list(one.why),
                "stored_id": _stored(one.stored.id) if one.stored is not None else None,
            }
            for one in section.judged
        ],
        "refused": [
            {"line": one.line, "text": one.text, "reason": one.reason} for one in section.unread
        ],
    }


def _stored(row_id: bytes) -> str | None:
    """Return a row's id; one that an earlier file of the same import brings has none yet."""
    return output.id_text(row_id) if len(row_id) == _ID_BYTES else None
