from vedette.model import Entity, EntityKind, Receipt
from vedette.testing.incidents import some_incident
from vedette.testing.responses import Block, MadeUpWorld


def test_the_made_up_world_has_what_was_done_to_it() -> None:
    world = MadeUpWorld()
    action = Block(world)
    plan = action.plan(some_incident(), Entity(EntityKind.HOST, "web1"))
    assert action.in_force(plan) is False
    action.apply(plan)
    assert action.in_force(plan) is True
    action.undo(Receipt(plan, "done"))
    assert not world.blocked
    world.readable = False
    assert action.in_force(plan) is None
