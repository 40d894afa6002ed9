"""What a style does to text, as far as it can hide it: CSS declarations, rules by tag, class or id, and colours."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

SHEET_LIMIT, RULES_LIMIT, STYLE_LIMIT = 1 << 16, 500, 2048
"""Characters of a style sheet, rules of all, characters of one ``style``."""
UNKNOWN, TRANSPARENT = -1, -2
"""Colours: not said (or an image), and one that shows nothing."""
NEAR = 24
"""Two colours whose red, green and blue differ by no more than this in all cannot be told apart."""

_SIZE = re.compile(r"(?:^|[\s/])([0-9]{0,4}(?:\.[0-9]{0,4})?)(px|pt|em|rem|ex|%|vw|)(?=/|\s|$)")
_COMMENT = re.compile(r"/\*[^*]{0,500}(?:\*/|$)")
_MATTERS = frozenset(
    (
        *(
            "display",
            "visibility",
            "font-size",
            "font",
            "color",
            "background",
            "background-color",
            "opacity",
            "overflow",
            "mso-hide",
        ),
        *("height", "max-height", "width", "max-width", "text-indent", "left", "top", "margin-left", "margin-top"),
    )
)
_NOTHING = re.compile(r"0(?:\.0{1,3})?(?:px|pt|em|rem|%)?")
_FAR = re.compile(r"-[0-9]{3,}(?:\.[0-9]+)?(?:px|pt|em|rem|%)?")
_RULE_END = re.compile(r"[{}]")
_SIMPLE = re.compile(r"(?:[a-z][a-z0-9]*)?[.#][\w-]+|[a-z][a-z0-9]*")
_HEX = re.compile(r"#([0-9a-f]{3,8})\b")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[, ]+(\d{1,3})[, ]+(\d{1,3})(?:[, /]+([0-9.]+)(%)?)?\s*\)")
_TINY = {"": 1, "px": 1, "pt": 1, "em": 0.1, "rem": 0.1, "ex": 0.2, "%": 8, "vw": 0.2}
_NAMES = {
    "white": 0xFFFFFF, "black": 0, "red": 0xFF0000, "green": 0x008000, "blue": 0x0000FF, "yellow": 0xFFFF00, "gray": 0x808080,
    "grey": 0x808080, "silver": 0xC0C0C0, "navy": 0x000080, "maroon": 0x800000, "purple": 0x800080, "teal": 0x008080, "lime": 0x00FF00,
    "aqua": 0x00FFFF, "cyan": 0x00FFFF, "fuchsia": 0xFF00FF, "magenta": 0xFF00FF, "olive": 0x808000, "orange": 0xFFA500,
    "snow": 0xFFFAFA, "ivory": 0xFFFFF0, "whitesmoke": 0xF5F5F5, "lightgrey": 0xD3D3D3, "lightgray": 0xD3D3D3, "darkblue": 0x00008B,
    "ghostwhite": 0xF8F8FF, "transparent": TRANSPARENT,
}  # fmt: skip


class Style(NamedTuple):
    """What one style says; None: nothing.

    Attributes:
        gone: it and all within are not shown.
        unseen: the text is not visible (its children may be).
        tiny: the text has no size.
        colour, back: as 0xRRGGBB, ``UNKNOWN`` or ``TRANSPARENT``.
    """

    gone: bool = False
    unseen: bool | None = None
    tiny: bool | None = None
    colour: int | None = None
    back: int | None = None


PLAIN = Style()


@lru_cache(maxsize=2048)
def style(text: str) -> Style:
    """Return what declarations say.

    Example:
        >>> style("FONT-SIZE: 0px; color: #fff")
        Style(gone=False, unseen=None, tiny=True, colour=16777215, back=None)
    """
    css = text[:STYLE_LIMIT].lower()
    said: dict[str, str] = {}
    for declaration in (_COMMENT.sub("", css) if "/*" in css else css).split(";"):
        name, _, value = declaration.partition(":")
        name = name.strip()
        if value and name in _MATTERS:
            said[name] = value.replace("!important", "").strip()
    if not said:
        return PLAIN
    size, back = said.get("font-size", said.get("font")), said.get("background-color", said.get("background"))
    seen = said.get("visibility")
    found = Style(
        gone=_gone(said),
        unseen=seen in ("hidden", "collapse") if seen else None,
        tiny=_tiny(size) if size else None,
        colour=colour(said["color"]) if "color" in said else None,
        back=None
        if back is None
        else UNKNOWN
        if "url(" in said.get("background", "") or "gradient" in back
        else _back(back),
    )
    return PLAIN if found == PLAIN else found


def _gone(said: dict[str, str]) -> bool:
    """Say whether nothing of a box is shown: switched off, without size, transparent, or far outside."""
    if said.get("display") == "none" or said.get("mso-hide") == "all":
        return True
    if said.get("overflow") == "hidden" and any(
        _is(_NOTHING, said, n) for n in ("height", "max-height", "width", "max-width")
    ):
        return True
    return _is(_NOTHING, said, "opacity") or any(
        _is(_FAR, said, n) for n in ("text-indent", "left", "top", "margin-left", "margin-top")
    )


def _is(pattern: re.Pattern[str], said: dict[str, str], name: str) -> bool:
    return name in said and pattern.fullmatch(said[name]) is not None


def _tiny(value: str) -> bool | None:
    size = _SIZE.search(value[:80])
    try:
        return float(size[1]) <= _TINY[size[2]] if size else None
    except ValueError:
        return None


def _back(text: str) -> int | None:
    found = next((c for c in map(colour, text.split(" ")) if c != UNKNOWN), None) if "(" not in text else colour(text)
    return None if found in (TRANSPARENT, UNKNOWN) else found


@lru_cache(maxsize=512)
def colour(text: str) -> int:
    """Return a colour as 0xRRGGBB.

    Example:
        >>> hex(colour("#FFF")), hex(colour("rgb(1, 2, 3)")), colour("rgba(0,0,0,0)") == TRANSPARENT
        ('0xffffff', '0x10203', True)
    """
    text = text.strip().lower()[:40]
    if text in _NAMES:
        return _NAMES[text]
    if (found := _HEX.match(text)) or (found := _HEX.match("#" + text)):
        digits = found[1]
        if len(digits) in (3, 4):
            digits = "".join(d * 2 for d in digits)
        if len(digits) == 8 and digits[6:] == "00":  # noqa: PLR2004 - RRGGBBAA
            return TRANSPARENT
        return int(digits[:6], 16) if len(digits) >= 6 else UNKNOWN  # noqa: PLR2004
    if found := _RGB.match(text):
        if found[4] and float(found[4].strip(".") or 0) == 0:
            return TRANSPARENT
        red, green, blue = (min(255, int(found[i])) for i in (1, 2, 3))
        return red << 16 | green << 8 | blue
    return UNKNOWN


@lru_cache(maxsize=512)
def alike(one: int, other: int) -> bool:
    """Say whether text of one colour cannot be read on the other."""
    if one == TRANSPARENT:
        return True
    if one < 0 or other < 0:
        return False
    return sum(abs((one >> at & 255) - (other >> at & 255)) for at in (0, 8, 16)) <= NEAR


def sheet(text: str, rules: dict[str, Style]) -> None:
    """Add the rules of a style sheet whose selector is one tag, class or id, and that can hide text; media queries are passed over.

    Keys are ``.class``, ``#id`` or a tag.
    """
    text, depth, at = text[:SHEET_LIMIT].lower(), 0, 0
    heading = ""
    for brace in _RULE_END.finditer(text):
        if brace[0] == "{":
            if depth == 0:
                heading = text[at : brace.start()]
            depth += 1
        else:
            if depth == 1 and "@" not in heading:
                _add(heading, text[at : brace.start()], rules)
            depth = max(0, depth - 1)
        at = brace.end()
        if len(rules) >= RULES_LIMIT:
            return


def _add(heading: str, body: str, rules: dict[str, Style]) -> None:
    said = style(body[:STYLE_LIMIT])
    if said == PLAIN:
        return
    for selector in heading.replace("<!--", " ").split(",")[:20]:
        name = selector.strip()
        if len(name) <= 80 and _SIMPLE.fullmatch(name):  # noqa: PLR2004 - no class has a longer name
            key = name[name.index(".") :] if "." in name else name[name.index("#") :] if "#" in name else name
            rules[key] = merged(rules[key], said) if key in rules else said


def merged(first: Style, second: Style) -> Style:
    """Return what two styles say together; the second prevails."""
    if first is PLAIN:
        return second
    if second is PLAIN:
        return first
    return Style(
        first.gone or second.gone,
        first.unseen if second.unseen is None else second.unseen,
        first.tiny if second.tiny is None else second.tiny,
        first.colour if second.colour is None else second.colour,
        first.back if second.back is None else second.back,
    )
