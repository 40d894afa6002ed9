from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.features.log_shape import LONGEST, shape, shapes

TABLE = [
    ("took 12 ms, 4.5 KB read", "took <*> ms, <*> read"),
    ("link up on eth0 at 10:22:01", "link up on eth0 at <*>"),
    ("peer 2001:db8::9 is gone", "peer <*> is gone"),
    ("peer 192.0.2.7:8080 is gone", "peer <*> is gone"),
    ("peer www.example.org:443 is gone", "peer <*> is gone"),
    ("id 6ba7b810-9dad-11d1-80b4-00c04fd430c8 unknown", "id <*> unknown"),
    ("mail to ada@mail.example sent", "mail to <*> sent"),
    ("open /var/lib/x/y.db failed", "open <*> failed"),
    (r"open C:\Temp\a b failed", "open <*> b failed"),
    ("get https://a.example/b?c=d done", "get <*> done"),
    ('"GET /a HTTP/1.1" status: 200', "GET <*> status: <*>"),
    ("state is 'ready'", "state is 'ready'"),
    ("name 'a-b' taken", "name <*> taken"),
    ("uid=0 rhost=host1 ruser= end", "uid=<*> rhost=<*> ruser= end"),
    ("closed for user grace by root", "closed for user <*> by root"),
    ("since Fri Jun 17 20:55:07 2005 none", "since <*> none"),
    ("blocks blk_-123, blk_77 and 9", "blocks <*> and <*>"),
    ("init() done", "init() done"),
    ("from 192.0.2.1 () twice", "from <*> (<*>) twice"),
    ("0x7fe0 is no deadbeef", "<*> is no <*>"),
    ("", ""),
    (None, None),
]


@pytest.mark.parametrize(("message", "expected"), TABLE, ids=[str(m) for m, _ in TABLE])
def test_shape(message: str | None, expected: str | None) -> None:
    assert shapes(pl.Series("m", [message], pl.String)).to_list() == [expected]


def test_what_differs_in_numbers_only_is_one_shape() -> None:
    found = shapes(pl.Series([f"worker-{n} took {n * 17} ms for job_{n:08x}" for n in range(500)]))
    assert found.n_unique() == 1


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.text(max_size=60) | st.from_regex(r"[a-z]{1,5} [0-9a-f:./=\"' ]{1,20}", fullmatch=True),
        min_size=1,
        max_size=20,
    )
)
def test_a_shape_depends_on_its_message_alone(messages: list[str]) -> None:
    together = shapes(pl.Series(messages)).to_list()
    assert together == [shapes(pl.Series([m])).to_list()[0] for m in messages]


def test_the_expression_is_the_function() -> None:
    frame = pl.DataFrame({"message": ["port 22", None, "port 4711"]})
    assert frame.lazy().select(shape(pl.col("message"))).collect()["message"].to_list() == [
        "port <*>",
        None,
        "port <*>",
    ]


def test_endless_messages_have_short_shapes() -> None:
    assert len(shapes(pl.Series(["ab " * 1_000_000]))[0]) <= LONGEST
