"""The banks that a person can pick: Plaid's own sandbox institutions, and those of a household."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hive_desktop.sandbox.script import Script

PRODUCTS = ("auth", "balance", "identity", "liabilities", "transactions")


@dataclass(frozen=True, slots=True)
class Institution:
    """A bank.

    Attributes:
        script: The household's data there; None for Plaid's test banks, whose data follows the
            user name.
        link_error: The error that linking there always ends with.
    """

    institution_id: str
    name: str
    script: Script | None = None
    oauth: bool = False
    color: str | None = "#004966"
    url: str | None = None
    country_codes: tuple[str, ...] = ("US",)
    routing_numbers: tuple[str, ...] = ()
    products: tuple[str, ...] = PRODUCTS
    link_error: str | None = None

    def as_plaid(self, *, optional_metadata: bool = False) -> dict[str, Any]:
        """Plaid's institution object."""
        told: dict[str, Any] = {
            "connection_availability": "NOT_SUPPORTED"
            if self.link_error == "INSTITUTION_NO_LONGER_SUPPORTED"
            else "SUPPORTED",
            "country_codes": list(self.country_codes),
            "dtc_numbers": [],
            "institution_id": self.institution_id,
            "name": self.name,
            "oauth": self.oauth,
            "products": list(self.products),
            "routing_numbers": list(self.routing_numbers),
        }
        if optional_metadata:
            told |= {"logo": None, "primary_color": self.color, "url": self.url}
        return told


PLATYPUS = (
    Institution("ins_109508", "First Platypus Bank", routing_numbers=("011000138",)),
    Institution("ins_109509", "First Gingham Credit Union"),
    Institution("ins_109510", "Tattersall Federal Credit Union"),
    Institution("ins_109511", "Tartan Bank"),
    Institution("ins_127287", "Platypus OAuth Bank", oauth=True),
    Institution("ins_132363", "Unhealthy Platypus Bank - Degraded"),
    Institution(
        "ins_132361", "Unhealthy Platypus Bank - Institution Down", link_error="INSTITUTION_DOWN"
    ),
    Institution(
        "ins_133402",
        "Unsupported Platypus Bank - Institution Not Supported",
        link_error="INSTITUTION_NO_LONGER_SUPPORTED",
    ),
    Institution("ins_43", "Tangerine - Personal", country_codes=("CA",)),
)
