"""Who logs in: Plaid's sandbox people and the data that each of them has at a bank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.sandbox import platypus
from hive_desktop.sandbox.custom_user import CustomScript, CustomUserError, load_custom_user
from hive_desktop.sandbox.errors import PlaidError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.sandbox.institutions import Institution
    from hive_desktop.sandbox.script import RefusedRow, Script

CUSTOM = "user_custom"
DYNAMIC = "user_transactions_dynamic"
WITH_PASSWORD = ("user_good", "user_yuppie", "user_small_business")
ANY_PASSWORD = (DYNAMIC, "user_ewa_user")


def script_for(
    institution: Institution, username: str, password: str, seed: int
) -> tuple[Script, Sequence[RefusedRow]]:
    """The data of a person at a bank, and the rows that were refused on the way.

    Raises:
        PlaidError: INVALID_CREDENTIALS for an unknown person or password, INVALID_FIELD for a
            custom user's configuration that cannot be read.
    """
    if username == CUSTOM:
        try:
            user = load_custom_user(password, label=CUSTOM)
        except CustomUserError as error:
            msg = f"override_password is not a valid custom user: {error}"
            raise PlaidError("INVALID_FIELD", msg) from error
        return CustomScript(user), user.refused
    if username == DYNAMIC:
        return platypus.dynamic_script(seed), ()
    is_right = username in WITH_PASSWORD and password == "pass_good"  # noqa: S105 - published
    if not is_right and username not in ANY_PASSWORD:
        raise PlaidError("INVALID_CREDENTIALS")
    if institution.script is not None:
        return institution.script, ()
    return platypus.good_script(seed), ()
