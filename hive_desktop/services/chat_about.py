"""What page a question is about, where the person says so: in words that go with the question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from hive_desktop import i18n
from hive_desktop.domain.periods import in_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.domain.days import Span

BETWEEN: Final = " · "
"""What stands between the parts of what a page shows."""


@dataclass(frozen=True, slots=True)
class PageContext:
    """What the current page shows, as the person sees it; what is left out does not narrow it.

    Attributes:
        span: the days.
        categories: as they are shown.
        merchants: as they are shown.
        accounts: as they are shown.
    """

    span: Span | None = None
    categories: tuple[str, ...] = ()
    merchants: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Return it for people, such as "November 2026 · Groceries"; empty for nothing."""
        days = () if self.span is None else (in_words(self.span, language=i18n.language()),)
        return BETWEEN.join((*days, *self.categories, *self.merchants, *self.accounts))

    def without(self, is_private: Callable[[str], bool]) -> PageContext:
        """Return it without the merchants and accounts whose names are not to be sent."""
        return replace(
            self,
            merchants=tuple(one for one in self.merchants if not is_private(one)),
            accounts=tuple(one for one in self.accounts if not is_private(one)),
        )
