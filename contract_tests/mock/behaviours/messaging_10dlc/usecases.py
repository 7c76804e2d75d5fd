"""The use cases of campaigns and what they cost.

Names are the registry's. No document of ours gives prices, so these are only of the right order; both figures are US
dollars, as the answers give them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ...exchange import Record

UP_FRONT = Decimal("15.00")  # for the review of any campaign
NETWORKS = {"10017": "AT&T", "10035": "T-Mobile", "10999": "Interop"}
MOST_SUB_USECASES, LEAST_SUB_USECASES = 5, 2


@dataclass(frozen=True, slots=True)
class Usecase:
    """A use case: its name for people, US dollars a month, whether it is mixed of others."""

    shown: str
    monthly: Decimal
    mixed: bool = False


TEN = Decimal("10.00")
USECASES = {
    "2FA": Usecase("Two-factor authentication", TEN),
    "ACCOUNT_NOTIFICATION": Usecase("Account notification", TEN),
    "CHARITY": Usecase("Charity", Decimal("3.00")),
    "CUSTOMER_CARE": Usecase("Customer care", TEN),
    "DELIVERY_NOTIFICATION": Usecase("Delivery notification", TEN),
    "EMERGENCY": Usecase("Emergency", Decimal("5.00")),
    "FRAUD_ALERT": Usecase("Fraud alert", TEN),
    "HIGHER_EDUCATION": Usecase("Higher education", TEN),
    "LOW_VOLUME": Usecase("Low volume", Decimal("1.50"), mixed=True),
    "MARKETING": Usecase("Marketing", TEN),
    "MIXED": Usecase("Mixed", TEN, mixed=True),
    "POLITICAL": Usecase("Political", TEN),
    "POLLING_VOTING": Usecase("Polling and voting", TEN),
    "PUBLIC_SERVICE_ANNOUNCEMENT": Usecase("Public service announcement", TEN),
    "SECURITY_ALERT": Usecase("Security alert", TEN),
    "SOLE_PROPRIETOR": Usecase("Sole proprietor", Decimal("2.00")),
}


def mno_metadata() -> Record:
    """Under which conditions each network takes a campaign; here all of them do."""
    return {
        number: {
            "qualify": True,
            "mno": name,
            "noEmbeddedLink": False,
            "reqSubscriberHelp": True,
            "reqSubscriberOptout": True,
            "mnoReview": False,
            "noEmbeddedPhone": False,
            "mnoSupport": True,
            "reqSubscriberOptin": True,
            "minMsgSamples": 1,
        }
        for number, name in NETWORKS.items()
    }
