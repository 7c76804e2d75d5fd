"""The values that the registry takes, list by list: words, objects, names of things, or a page of companies."""

from __future__ import annotations

from ... import errors
from ...exchange import Json, Record
from ...world import Call, Compute, World
from .campaigns import REVIEW
from .usecases import NETWORKS, USECASES

PROVIDERS = {"AEGIS": "Aegis Mobile", "CV": "Campaign Verify", "WMC": "WMC Global"}
VERTICALS = [
    "AGRICULTURE",
    "COMMUNICATION",
    "CONSTRUCTION",
    "EDUCATION",
    "ENERGY",
    "ENTERTAINMENT",
    "FINANCIAL",
    "GAMBLING",
    "GOVERNMENT",
    "HEALTHCARE",
    "HOSPITALITY",
    "HUMAN_RESOURCES",
    "INSURANCE",
    "LEGAL",
    "MANUFACTURING",
    "NGO",
    "POLITICAL",
    "POSTAL",
    "PROFESSIONAL",
    "REAL_ESTATE",
    "RETAIL",
    "TECHNOLOGY",
    "TRANSPORTATION",
]
EXCHANGES = [
    "NONE",
    "NASDAQ",
    "NYSE",
    "AMEX",
    "AMX",
    "ASX",
    "B3",
    "BME",
    "BSE",
    "FRA",
    "ICEX",
    "JPX",
    "JSE",
    "KRX",
    "LON",
    "NSE",
    "OMX",
    "SEHK",
    "SSE",
    "STO",
    "SWX",
    "SZSE",
    "TSX",
    "TWSE",
    "VSE",
]
COMPANIES = (
    {"isin": "US68243Q1067", "iso2": "US", "symbol": "FLWS", "exchange": "NASDAQ", "displayName": "1-800 FLOWERS.COM"},
    {"isin": "US88025U1097", "iso2": "US", "symbol": "TXG", "exchange": "NASDAQ", "displayName": "10X GENOMICS"},
)
CAMPAIGN_STATES = (*REVIEW, "TCR_SUSPENDED", "TCR_EXPIRED", "TCR_FAILED", "TELNYX_FAILED", "MNO_REJECTED")

ENUMS: dict[str, Json] = {
    "mno": NETWORKS,
    "optionalAttributes": {"taxExemptStatus": {"displayName": "Tax exempt status"}},
    "usecase": {
        name: {"displayName": one.shown, "monthlyFee": str(one.monthly), "minSubUsecases": 2 if one.mixed else 0}
        for name, one in USECASES.items()
    },
    "vertical": VERTICALS,
    "altBusinessIdType": ["NONE", "DUNS", "GIIN", "LEI"],
    "brandIdentityStatus": ["VERIFIED", "UNVERIFIED", "SELF_DECLARED", "VETTED_VERIFIED"],
    "brandRelationship": ["BASIC_ACCOUNT", "SMALL_ACCOUNT", "MEDIUM_ACCOUNT", "LARGE_ACCOUNT", "KEY_ACCOUNT"],
    "campaignStatus": list(CAMPAIGN_STATES),
    "entityType": ["PRIVATE_PROFIT", "PUBLIC_PROFIT", "NON_PROFIT", "GOVERNMENT", "SOLE_PROPRIETOR"],
    "extVettingProvider": PROVIDERS,
    "vettingStatus": ["ACTIVE", "EXPIRED", "FAILED", "PENDING", "UNSCORE"],
    "brandStatus": ["OK", "REGISTRATION_PENDING", "REGISTRATION_FAILED"],
    "operationStatus": ["APPROVED", "PENDING", "REGISTERED", "REJECTED", "REVIEW", "SUSPENDED"],
    "approvedPublicCompany": {"records": list(COMPANIES), "page": 1, "totalRecords": len(COMPANIES)},
    "stockExchange": EXCHANGES,
    "vettingClass": [
        {"id": "STANDARD", "displayName": "Standard"},
        {"id": "ENHANCED", "displayName": "Enhanced"},
        {"id": "POLITICAL", "displayName": "Political"},
    ],
}


def values(record: Record | None, call: Call, world: World) -> Json:
    """The values of the list that the path names; 404 10005 for any other name."""
    name = call.path["endpoint"]
    if name not in ENUMS:
        raise errors.refusal(errors.NOT_FOUND)
    return ENUMS[name]


COMPUTES: dict[str, Compute] = {"retrieveRegistryEnum": values}
