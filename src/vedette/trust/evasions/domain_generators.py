"""Generators of domain labels, as malware could have them: ours, drawn anew by a random number generator, none copied from a family.

A *kind* returns a generator with parameters of its own (alphabet, lengths, pattern), so that every draw is a family of its own.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from random import Random

Generator = Callable[[], str]

CONSONANTS, VOWELS = "bcdfghjklmnpqrstvwxz", "aeiouy"
LETTERS = string.ascii_lowercase

_WORDS = """
able above account act active age air alarm album amber anchor angle apple arena arrow autumn badge baker bamboo basket
battle beach bench berry bird blanket blue board bottle branch bread bridge bright brother brown bubble bucket butter
button cable camera candle canyon captain carbon castle cattle center chain chair chance cherry circle citizen clever
climb clock coffee copper corner cotton country cousin cradle crystal current dance danger daughter delta desert diamond
dinner direct doctor dragon dream eagle early earth eastern echo editor eight empire engine evening every fabric falcon
family farmer father feather field fifty finger flower forest fortune fourth frozen garden gentle giant ginger globe
golden grain grape gravel green guitar hammer handle happy harbor harvest hidden hollow honest honey horizon hunter
island jacket jungle kernel kettle kitchen ladder lemon letter level light lion little lucky machine magnet maple marble
market master meadow memory metal middle mirror modern moment monkey morning mother motor mountain native nature needle
nephew noble north number ocean office olive orange orchid other oxygen packet painter palace panel paper pepper person
picture pilot planet plastic pocket poetry polar pony potato powder prairie prince public purple puzzle quality quarter
quick rabbit radio random rapid raven reader ribbon river rocket royal rubber saddle safety salad sample second secret
seven shadow silent silver simple sister smooth soldier south spider spring square stable station stone storm summer
sunset supply system table talent temple tender thunder ticket tiger timber tomato tower travel triple tunnel turtle
uncle valley velvet victor village violet walnut water wealth western whisper winter wonder yellow zebra
"""
WORDS = tuple(_WORDS.split())
"""Common English words."""


def letters(rng: Random) -> Generator:
    """Letters drawn from an alphabet of 8 to 26, each as likely."""
    alphabet = rng.sample(LETTERS, rng.choice([26, 26, 26, 25, 24, 20, 16, 12, 10, 8]))
    least = rng.randint(5, 16)
    most = least + rng.choice([0, 0, 2, 4, 8])
    return lambda: _many(rng, alphabet, rng.randint(least, most))


def symbols(rng: Random) -> Generator:
    """Hexadecimal digits, base 32, letters and digits."""
    alphabet = rng.choice(
        [
            "0123456789abcdef",
            "0123456789abcdef",
            LETTERS + "234567",
            LETTERS + string.digits,
            LETTERS + string.digits * 2,
        ]
    )
    least = rng.randint(7, 20)
    most = least + rng.choice([0, 0, 2, 6])
    return lambda: _many(rng, alphabet, rng.randint(least, most))


def syllables(rng: Random) -> Generator:
    """Consonants and vowels by a pattern: names that can be said and mean nothing."""
    consonants = rng.sample(CONSONANTS, rng.choice([20, 20, 18, 14, 10]))
    vowels = rng.sample(VOWELS, rng.choice([6, 5, 5, 4, 3]))
    patterns = [rng.choice(["cv", "cv", "cvc", "vc", "cvv", "vcv", "ccv"]) for _ in range(rng.choice([1, 1, 2, 3]))]
    least = rng.randint(6, 11)
    most = least + rng.choice([0, 2, 4, 6])

    def name() -> str:
        size, text = rng.randint(least, most), ""
        while len(text) < size:
            text += "".join(rng.choice(consonants if c == "c" else vowels) for c in rng.choice(patterns))
        return text[:size]

    return name


def chain(rng: Random) -> Generator:
    """A chain of letters with odds of its own for what follows what, vowels twice as likely."""
    spread = rng.choice([0.05, 0.1, 0.3, 1.0])
    odds = {a: [rng.gammavariate(spread, 1) * (2 if b in VOWELS else 1) + 1e-4 for b in LETTERS] for a in LETTERS}
    least = rng.randint(6, 12)
    most = least + rng.choice([0, 2, 6])

    def name() -> str:
        text, size = rng.choice(LETTERS), rng.randint(least, most)
        while len(text) < size:
            text += rng.choices(LETTERS, odds[text[-1]])[0]
        return text

    return name


def fixed_end(rng: Random) -> Generator:
    """A few letters that change before many that do not."""
    end = "".join(rng.choice(VOWELS if rng.random() < 2 / 5 else CONSONANTS) for _ in range(rng.randint(7, 18)))
    size = rng.randint(2, 5)
    return lambda: _many(rng, LETTERS, size) + end


def english_chain(rng: Random, order: int = 2) -> Generator:
    """A chain that was taught by ``WORDS``: each letter as it follows the two before it in English."""
    odds: dict[str, list[str]] = {}
    for word in WORDS:
        padded = "^" * order + word + "$"
        for k in range(len(padded) - order):
            odds.setdefault(padded[k : k + order], []).append(padded[k + order])
    least = rng.randint(7, 11)

    def name() -> str:
        text = ""
        while len(text) < least:
            state = "^" * order
            while (letter := rng.choice(odds[state])) != "$" and len(text) < 2 * least:
                text, state = text + letter, state[1:] + letter
        return text

    return name


def compounds(rng: Random) -> Generator:
    """Two or three English words in a row, some with a hyphen."""
    count, glue = rng.choice([2, 2, 3]), rng.choice(["", "", "", "-"])
    return lambda: glue.join(rng.sample(WORDS, count))


def slips(rng: Random) -> Generator:
    """Two words in a row with one character changed, left out or put in."""
    made = compounds(rng)

    def name() -> str:
        text = made()
        place = rng.randrange(len(text))
        return (
            text[:place] + rng.choice(["", rng.choice(LETTERS), text[place] + rng.choice(LETTERS)]) + text[place + 1 :]
        )

    return name


TRAINED = {"letters": letters, "symbols": symbols, "syllables": syllables, "chain": chain, "fixed_end": fixed_end}
"""Kinds that the data set ``dga_made`` trains with; the others only test."""


def _many(rng: Random, alphabet: str | list[str], size: int) -> str:
    return "".join(rng.choice(alphabet) for _ in range(size))
