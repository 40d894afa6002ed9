"""The insider drill: a made-up company of people for months, some of whom take data or do harm, through the detectors of people.

Run it as ``python -m bench.insiders --seeds 11 12 13 14 15``. The shapes of the plots follow the scenarios that the CERT insider threat
data set describes; every constant (how much, how often, which hours) is drawn by the seed, and no detector reads them.
``docs/reference/insiders.md`` says where the drill is easier than life.
"""
