from __future__ import annotations

from itertools import product

from vedette.app.api.roles import Role


def test_roles_are_ordered() -> None:
    order = ["viewer", "analyst", "responder", "admin"]
    for has, least in product(Role, Role):
        assert has.may(least) == (order.index(has) >= order.index(least))
