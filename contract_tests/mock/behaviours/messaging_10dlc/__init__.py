"""Registration for ten-digit long codes: brands, campaigns, numbers; what CRUD cannot say about them."""

from __future__ import annotations

from ...world import Check, Compute, Finish, Settle
from . import brands, campaigns, enums, numbers, sharing

COMPUTES: dict[str, Compute] = {
    **brands.COMPUTES,
    **campaigns.COMPUTES,
    **enums.COMPUTES,
    **numbers.COMPUTES,
    **sharing.COMPUTES,
}
CHECKS: dict[str, Check] = {**brands.CHECKS, **campaigns.CHECKS, **numbers.CHECKS}
FINISHES: dict[str, Finish] = {**brands.FINISHES, **campaigns.FINISHES, **numbers.FINISHES}
SETTLES: dict[str, Settle] = {**brands.SETTLES, **campaigns.SETTLES, **numbers.SETTLES, **sharing.SETTLES}
IDENTIFIER_KINDS = {**brands.IDENTIFIER_KINDS, **campaigns.IDENTIFIER_KINDS, **numbers.IDENTIFIER_KINDS}
PRIVATE = frozenset(
    {
        "brands",
        "brand_external_vettings",
        "campaigns",
        "partner_campaigns",
        "phone_number_assignments",
        "phone_number_campaigns",
    }
)
