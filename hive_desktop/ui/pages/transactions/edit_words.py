"""What a person's edits did to rows, told with how many they were. Pure."""

from __future__ import annotations

from hive_desktop.i18n import tr_n
from hive_desktop.ui.kit.wording import number


def hidden(count: int) -> str:
    """Return that rows are hidden."""
    return tr_n(
        "{count_text} transaction hidden",
        "{count_text} transactions hidden",
        count,
        count_text=number(count),
    )


def shown(count: int) -> str:
    """Return that rows are no longer hidden."""
    return tr_n(
        "{count_text} transaction shown again",
        "{count_text} transactions shown again",
        count,
        count_text=number(count),
    )


def reviewed(count: int) -> str:
    """Return that rows are right."""
    return tr_n(
        "{count_text} transaction marked as reviewed",
        "{count_text} transactions marked as reviewed",
        count,
        count_text=number(count),
    )


def not_reviewed(count: int) -> str:
    """Return that rows are to be looked at again."""
    return tr_n(
        "{count_text} transaction no longer marked as reviewed",
        "{count_text} transactions no longer marked as reviewed",
        count,
        count_text=number(count),
    )


def tagged(count: int) -> str:
    """Return that rows got tags, or lost some."""
    return tr_n(
        "{count_text} transaction with other tags now",
        "{count_text} transactions with other tags now",
        count,
        count_text=number(count),
    )


def untagged(count: int, tag: str) -> str:
    """Return that rows lost one tag."""
    return tr_n(
        "{count_text} transaction without the tag {tag} now",
        "{count_text} transactions without the tag {tag} now",
        count,
        count_text=number(count),
        tag=tag,
    )


def renamed(count: int) -> str:
    """Return that rows have another name."""
    return tr_n(
        "{count_text} transaction renamed",
        "{count_text} transactions renamed",
        count,
        count_text=number(count),
    )


def noted(count: int) -> str:
    """Return that rows have another note."""
    return tr_n(
        "{count_text} transaction with another note now",
        "{count_text} transactions with another note now",
        count,
        count_text=number(count),
    )
