from __future__ import annotations

from vedette.intel.sigma.tree import And, Atom, Not, Or, Text, Wild, atoms, both, codes, either, negated

A, B = Atom("Image", Text((Wild.MANY, "a"))), Atom("Image", Text((Wild.MANY, "b")))


def test_trees_are_as_short_as_they_can_be_said() -> None:
    assert both(A, True, A) == A
    assert both(A, False) is False
    assert both() is True
    assert both(And((A, B)), A) == And((A, B))
    assert either(A, False) == A
    assert either(A, True) is True
    assert either() is False
    assert either(Or((A, B)), B) == Or((A, B))
    assert negated(negated(A)) == A
    assert negated(True) is False


def test_atoms_speak_for_or_against() -> None:
    tree = And((A, Not(Or((B, Not(A))))))
    assert list(atoms(tree)) == [A, B, A]
    assert list(atoms(tree, held=True)) == [A, A]
    assert list(atoms(tree, held=False)) == [B]


def test_event_ids_that_a_tree_needs() -> None:
    one, two = Atom("EventID", Text(("1",))), Atom("EventID", Text(("2",)))
    assert codes(And((A, Or((one, two))))) == frozenset(("1", "2"))
    assert codes(Or((one, A))) is None
    assert codes(Not(one)) is None
    assert codes(And((A, B))) is None


def test_a_text_is_told_as_it_is_written() -> None:
    assert str(Text((Wild.MANY, "a", Wild.ONE))) == "*a?"
