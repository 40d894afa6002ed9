"""Puts the API together: the wall, the endpoints, the page, and the one shape of errors."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from vedette import __version__
from vedette.app import memory
from vedette.app.api import about, actions, admin, console, entities, events, findings, incidents, models, refusals
from vedette.app.api.access import Access, is_loopback
from vedette.app.api.feed import Feed
from vedette.app.api.parts import Parts
from vedette.app.api.portraits import Portraits
from vedette.app.api.refusals import Error
from vedette.app.api.service import Service
from vedette.app.api.wall import Wall
from vedette.app.meters import Meters
from vedette.config import Config
from vedette.response.equipped import equipped
from vedette.response.guard import Guard
from vedette.response.journal import Journal
from vedette.response.own import own_addresses
from vedette.response.runner import Runner
from vedette.store.state.state import State

PREFIX = "/api/v1"
_ROUTERS = (incidents, findings, entities, actions, models, events, about, admin)
_DESCRIPTION = """What Vedette found, what it proposes, and who may do what.

Each endpoint names the role that it needs, beside its token: viewer, analyst, responder or admin; each may do all that those before it
may. Every error is `{"error": {"code", "message", "where", "hint"}}`.
"""


class Json(JSONResponse):
    """JSON, in which what is no number is null."""

    def render(self, content: Any) -> bytes:  # noqa: ANN401 - what JSON holds
        """Return the bytes."""
        return orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS)


def create(state: State, service: Service, config: Config, meters: Meters, runner: Runner | None = None) -> FastAPI:
    """Return the application.

    Args:
        state: the store.
        service: what runs.
        config: the settings.
        meters: what is counted.
        runner: carries out responses; by default one by these settings, with the journal that ``vedette respond`` has too.

    Raises:
        ConfigError: the settings of an action are wrong.
    """
    app = _assembled()
    app.state.parts = Parts(
        state=state,
        service=service,
        config=config,
        meters=meters,
        runner=runner or runner_of(config),
        access=Access(state, config.api),
        feed=Feed(service, state.last_change),
        portraits=Portraits(service, config),
    )
    app.add_middleware(
        Wall,
        loopback=is_loopback(config.api.host) and not config.api.behind_proxy,
        secure=bool(config.api.certificate),
        told=meters.answer,
    )
    return app


def schema() -> dict[str, Any]:
    """Return the OpenAPI schema, of no service in particular."""
    return _assembled().openapi()


def _assembled() -> FastAPI:
    """Return the application without what is behind it."""
    app = FastAPI(
        title="Vedette",
        version=__version__,
        description=_DESCRIPTION,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,  # their pages load scripts from elsewhere
        redoc_url=None,
        default_response_class=Json,
        generate_unique_id_function=_name_of,
        lifespan=_lifespan,
        responses={"default": {"model": Error, "description": "What went wrong."}},
    )
    inside = APIRouter(prefix=PREFIX)
    for module in _ROUTERS:
        inside.include_router(module.router)
    app.include_router(inside)
    app.include_router(about.outside)
    app.include_router(console.router)
    refusals.install(app)
    return app


def runner_of(config: Config) -> Runner:
    """Return what carries out responses by these settings.

    Raises:
        ConfigError: the settings of an action are wrong.
    """
    journal = Journal(memory.path().parent / "response")
    return Runner(journal, lambda: Guard(config, own_addresses()), equipped(config))


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    parts: Parts = app.state.parts
    parts.feed.open()
    yield
    parts.feed.close()


def _name_of(route: APIRoute) -> str:
    """Return the name of an operation in the schema: ``incidents_judge``."""
    return f"{route.tags[0] if route.tags else 'service'}_{route.name}"
