"""The console's page: what was found, to read in a browser. It changes nothing; everything it shows comes through the API."""

from __future__ import annotations

import secrets
from functools import cache
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

router = APIRouter(include_in_schema=False)
_PAGE = Path(__file__).with_name("console.html")
_NONCE = "{{nonce}}"


@router.get("/", response_class=HTMLResponse)
def page() -> HTMLResponse:
    """Give the page; there is nothing in it but code, so it needs no token: what it asks for needs one."""
    nonce = secrets.token_urlsafe(16)
    policy = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    )
    return HTMLResponse(_text().replace(_NONCE, nonce), headers={"Content-Security-Policy": policy})


@cache
def _text() -> str:
    return _PAGE.read_text("utf-8")
