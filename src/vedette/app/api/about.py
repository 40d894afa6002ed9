"""The service itself: who asks, how it is, what it counts."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from vedette import __version__
from vedette.app.api.access import Viewer
from vedette.app.api.parts import Have
from vedette.app.api.refusals import AS_JSON
from vedette.app.api.roles import Role
from vedette.app.api.service import Condition, Health
from vedette.app.api.shapes import Shape
from vedette.app.meters import MEDIA_TYPE

router = APIRouter(tags=["service"])
outside = APIRouter(tags=["service"])
"""Beside ``/api/v1``, where those who watch services look for it."""


class Text(Response):
    """Text as Prometheus reads it."""

    media_type = MEDIA_TYPE


class Me(Shape):
    """Who asks."""

    name: str
    role: Role
    token: str
    """The id of the token; empty where none was needed."""
    version: str
    """Of Vedette."""


class Alive(Shape):
    """Whether it works."""

    status: Condition


@router.get("/me")
def me(caller: Viewer) -> Me:
    """Say who you are to the service, and what you may do."""
    return Me(name=caller.name, role=caller.role, token=caller.uid, version=__version__)


@router.get("/health")
def health(have: Have, _: Viewer) -> Health:
    """Say how the service is: inputs, sinks, how much waits, what is wrong."""
    return have.service.health()


@outside.get("/healthz", responses={503: {"model": Alive}})
def alive(have: Have) -> Response:
    """Say in one word whether it works; for whoever restarts it. Needs no token and says nothing else."""
    condition = have.service.health().status
    broken = condition is Condition.BROKEN
    status = HTTPStatus.SERVICE_UNAVAILABLE if broken else HTTPStatus.OK
    return JSONResponse({"status": condition.value}, status)


@outside.get("/metrics", response_class=Text, responses=AS_JSON)
def metrics(have: Have, _: Viewer) -> Text:
    """Tell what is counted and measured, as Prometheus reads it."""
    return Text(have.meters.text())
