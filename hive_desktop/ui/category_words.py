"""Categories as the window names them: default ones in the language in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.domain.categories import category_title
from hive_desktop.ui.kit.picker import Option

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hive_desktop.domain.ledger import Category, CategoryId


def option(category: Category) -> Option:
    """Return a category to choose; it is found by its shown name and by the kept one."""
    title = category_title(category)
    return Option(category.id, title, category.icon, category.color, category.name)


def names(categories: Iterable[Category]) -> dict[CategoryId, str]:
    """Return the shown names by id."""
    return {each.id: category_title(each) for each in categories}
