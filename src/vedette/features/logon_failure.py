"""Failed logons that prove no wrong password: the sign-in was interrupted, or refused for another reason.

Numbers and names are those of Microsoft Entra (AADSTS error codes) and of Windows (NTSTATUS, MS-ERREF 2.3.1).
"""

from __future__ import annotations

import polars as pl

_ENTRA = (
    *(
        "16000",
        "16001",
        "16003",
        "50011",
        "50055",
        "50058",
        "50072",
        "50074",
        "50076",
        "50079",
        "50089",
        "50097",
        "50125",
        "50129",
    ),
    *(
        "50131",
        "50132",
        "50133",
        "50140",
        "50144",
        "50155",
        "50158",
        "50173",
        "50199",
        "500121",
        "51004",
        "51006",
        "53000",
        "53001",
    ),
    *(
        "53002",
        "53003",
        "53004",
        "65001",
        "65004",
        "65005",
        "70043",
        "70044",
        "90094",
        "90095",
        "900941",
        "700016",
        "700082",
        "1000000",
    ),
)
_WINDOWS = (
    "0xc000006e",
    "0xc000006f",
    "0xc0000070",
    "0xc0000071",
    "0xc0000133",
    "0xc000015b",
    "0xc0000193",
    "0xc0000224",
)
"""Restricted account, hours, machine; password expired, clock, kind of logon, account expired, password must change."""
_NAMES = (
    r"(?i)interrupt|^DelegationDoesNotExist|^UserInformationNotProvided|^InvalidReplyTo|^UserNotBound|^FlowTokenExpired|ExpiredPassword"
    r"|^SsoArtifact|AdminConsent|^UserStrongAuth|^DeviceAuthentication|^ExternalSecurityChallenge|^BlockedByConditionalAccess|^Consent"
)


def no_guess(code: pl.Expr, detail: pl.Expr) -> pl.Expr:
    """Say whether a failure with this code and detail tells nothing about a password.

    Example:
        >>> frame = pl.DataFrame({"c": ["50074", "50126", None], "d": [None, None, "DelegationDoesNotExist"]})
        >>> frame.select(no_guess(pl.col("c"), pl.col("d"))).to_series().to_list()
        [True, False, True]
    """
    return code.str.to_lowercase().is_in([*_ENTRA, *_WINDOWS]).fill_null(value=False) | detail.str.contains(
        _NAMES
    ).fill_null(value=False)
