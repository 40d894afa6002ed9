from __future__ import annotations

from bench.insiders.company import ROLES, Company


def test_a_seed_gives_the_same_people() -> None:
    one, two, other = Company(3, 60, 90), Company(3, 60, 90), Company(4, 60, 90)
    assert [p.name for p in one.people] == [p.name for p in two.people]
    assert [p.stick for p in one.people] == [p.stick for p in two.people]
    assert [p.name for p in one.people] != [p.name for p in other.people]


def test_people_have_names_of_their_own_and_every_role_is_there() -> None:
    people = Company(3, 60, 90).people
    assert len({p.name for p in people}) == 60
    assert {p.role.name for p in people} == {r.name for r in ROLES}
    assert all(people[p.boss].role.name == "manager" for p in people)


def test_some_leave_with_consent() -> None:
    company = Company(3, 80, 90)
    assert len(company.leavers) == 2
    assert all(company.people[n].goes == day + 1 <= 90 for n, day in company.leavers.items())
