"""The soak: a made-up company of hundreds of hosts for weeks, with planted attacks, through the whole engine.

Run it as ``python -m bench.soak --days 30 --hosts 500 --seed 1``. Nothing here reads a detector's constants, and no detector may be
fitted to what is made here: the traffic is written from what networks do, and ``docs/reference/soak.md`` says where it is easier than
reality.
"""
