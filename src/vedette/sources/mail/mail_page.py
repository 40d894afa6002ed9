"""The HTML of a message as its reader sees it: text, what is hidden from him, links with their text, and counts; in one walk.

Parsed by lexbor, as browsers parse (HTML standard), and written out again by it: in that form every tag is closed and every value quoted,
so one regular expression walks it (faster than asking for node after node). Building the tree is quadratic in nesting and in the attributes
of one tag, so both are bounded before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser

from vedette.sources.mail.mail_links import TEXT_LIMIT, address, in_text
from vedette.sources.mail.mail_styles import PLAIN, UNKNOWN, Style, alike, colour, merged, sheet, style

HTML_LIMIT, TAGS_LIMIT, TAG_LIMIT = 1 << 19, 10_000, 1 << 14
"""Characters that are parsed; tags; characters of one tag."""
TEXT_KEPT = 1 << 16
"""Characters of text kept, seen and hidden each."""
LINKS_LIMIT = 500

_BREAK = "\0"
_BLOCKS = frozenset(
    (
        *(
            "p",
            "div",
            "br",
            "tr",
            "li",
            "ul",
            "ol",
            "table",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "blockquote",
            "hr",
            "pre",
            "center",
        ),
        *(
            "form",
            "section",
            "article",
            "header",
            "footer",
            "main",
            "nav",
            "dl",
            "dt",
            "dd",
            "address",
            "fieldset",
            "figure",
            "figcaption",
        ),
        *("caption", "option"),
    )
)
_CELLS = frozenset(("td", "th"))
_SILENT = frozenset(("head", "title", "template", "textarea", "audio", "video"))
_VOID = frozenset(
    (
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"),
        *("basefont", "bgsound", "frame", "keygen", "param"),
    )
)
_COUNTED = frozenset(("img", "form", "input", "frame", "object", "embed", "area", "base", "meta"))
_VALUES = r'(?: [^\s>/][^\s=>/]*="[^"]*")*'
_TOKEN = re.compile(
    rf"(<(script|style|xmp|iframe|noembed|noframes|plaintext){_VALUES}>[^<]*(?:<(?!/\2>)[^<]*)*)(?:</\2>)?"
    rf"|<(/?)([a-z][^\s/>]*)({_VALUES})>|([^<]+)|<!--.*?-->|<![^>]*>",
    re.DOTALL,
)
_RAW = re.compile(rf"<([a-z]+)({_VALUES})>")
_VALUE = re.compile(r' ([^\s>/][^\s=>/]*)="([^"]*)"')
_LONG_DATA = re.compile(r"(data:[^\"'>\s]{256})[^\"'>\s]+", re.IGNORECASE)
_LONG_TAG = re.compile(rf"(<[^<>]{{{TAG_LIMIT}}})[^<>]*")
_PIXEL = re.compile(r"\s*[01]?(?:px)?\s*")
_LINK_BLUE = 0x0000EE

_Look = tuple[bool, bool, bool, int, int]
"""How text looks: gone, unseen, tiny, colour, background (see ``Style``)."""


@dataclass(slots=True)
class Page:
    """What a page holds.

    Attributes:
        text, hidden: what is seen and what is not, blocks on lines of their own.
        links: address and the text that it is shown with, each pair once.
        forms ... frames: how many of each; ``linked_images``: images inside of a link; ``pixel_images``: remote ones of no size.
    """

    text: str = ""
    hidden: str = ""
    links: dict[tuple[str, str], None] = field(default_factory=dict)
    forms: int = 0
    password_fields: int = 0
    remote_images: int = 0
    pixel_images: int = 0
    linked_images: int = 0
    scripts: int = 0
    frames: int = 0


@dataclass(slots=True)
class _State:
    """How text looks where the walk stands; elements that change nothing share it with what they stand in."""

    look: _Look = (False, False, False, 0, 0xFFFFFF)
    hides: bool = False
    silent: bool = False
    link: str = ""


class _Walk:
    """One walk over one page."""

    def __init__(self) -> None:
        self.page = Page()
        self.state = _State()
        self.stack: list[tuple[_State, bool, bool]] = []  # state outside, ends a line, opens a link
        self.out: tuple[list[str], list[str]] = ([], [])  # seen, hidden
        self.kept = [0, 0]
        self.rules: dict[str, Style] = {}
        self.base = ""
        self.link_text: list[str] = []

    def run(self, html: str) -> Page:
        """Walk a page as lexbor writes it."""
        for raw, _, slash, tag, told, text in _TOKEN.findall(html):
            if text:
                if not self.state.silent:
                    self._text(_unescaped(text) if "&" in text else text)
            elif slash:
                self._close()
            elif tag:
                self._open(tag, told)
            elif raw:
                self._raw(raw)
        page = self.page
        page.text, page.hidden = (_lines(pieces) for pieces in self.out)
        return page

    def _text(self, text: str) -> None:
        state = self.state
        if state.link:
            self.link_text.append(text)
        elif ("://" in text or "ww." in text or "WW." in text) and len(self.page.links) < LINKS_LIMIT:
            self.page.links |= {(url, url[:TEXT_LIMIT]): None for url in in_text(text, LINKS_LIMIT)}
        if self.kept[state.hides] < TEXT_KEPT:
            self.out[state.hides].append(text)
            self.kept[state.hides] += len(text)

    def _close(self) -> None:
        if not self.stack:
            return
        inside = self.state
        self.state, block, opened = self.stack.pop()
        if block:
            self.out[self.state.hides].append(_BREAK)
            if inside.hides != self.state.hides:
                self.out[inside.hides].append(_BREAK)
        if opened and len(self.page.links) < LINKS_LIMIT:
            self.page.links[(inside.link, " ".join("".join(self.link_text).split())[:TEXT_LIMIT])] = None

    def _open(self, tag: str, told: str) -> None:
        state = self.state
        block = tag in _BLOCKS
        if block:
            self.out[state.hides].append(_BREAK)
        elif tag in _CELLS:
            self.out[state.hides].append(" ")
        if tag in _COUNTED:
            self._count(tag, _values(told))
        if tag in _VOID:
            return
        link = ""
        if tag == "a" and not state.link and told:
            link = address(_values(told).get("href", ""), self.base)
            self.link_text = []
        said = _said(tag, told) if told else PLAIN
        if self.rules:
            said = merged(self._ruled(tag, told), said)
        self.stack.append((state, block, bool(link)))
        if link or tag in _SILENT or said is not PLAIN:
            look = _looks(state.look, said, _LINK_BLUE if link else None)
            hides = look[0] or look[1] or look[2] or alike(look[3], look[4])
            self.state = _State(look, hides, state.silent or tag in _SILENT, link or state.link)

    def _ruled(self, tag: str, told: str) -> Style:
        """Return what the style sheets say of an element."""
        said = self.rules.get(tag, PLAIN)
        if " class=" in told or " id=" in told:
            values = _values(told)
            for key in (
                *("." + c for c in values.get("class", "").lower().split()[:20]),
                "#" + values.get("id", "").lower(),
            ):
                if key in self.rules:
                    said = merged(said, self.rules[key])
        return said

    def _count(self, tag: str, values: dict[str, str]) -> None:
        page = self.page
        match tag:
            case "img":
                self._image(values)
            case "form":
                page.forms += 1
                self._link(values.get("action"))
            case "input":
                page.password_fields += values.get("type", "").lower() == "password"
            case "frame" | "object" | "embed":
                page.frames += 1
                self._link(values.get("src") or values.get("data"))
            case "area":
                self._link(values.get("href"), values.get("alt", ""))
            case "base":
                self.base = self.base or address(values.get("href", ""))
            case "meta" if values.get("http-equiv", "").lower() == "refresh":
                self._link(values.get("content", "").partition("=")[2].strip(" '\""))

    def _raw(self, raw: str) -> None:
        """Take in an element whose content is no HTML."""
        found = _RAW.match(raw)
        if found is None:
            return
        match found[1]:
            case "script":
                self.page.scripts += 1
            case "style":
                sheet(raw[found.end() :], self.rules)
            case "iframe":
                self.page.frames += 1
                self._link(_values(found[2]).get("src"))
            case "xmp" | "plaintext" if not self.state.silent:
                self._text(raw[found.end() :])

    def _image(self, values: dict[str, str]) -> None:
        page = self.page
        remote = values.get("src", "").lstrip()[:16].lower().startswith(("http:", "https:", "//"))
        page.remote_images += remote
        sizes = [values[side][:8] for side in ("width", "height") if side in values]
        page.pixel_images += remote and any(_PIXEL.fullmatch(size) for size in sizes)
        page.linked_images += bool(self.state.link)
        if (alt := values.get("alt")) and not self.state.silent:
            self._text(f" {alt} ")

    def _link(self, href: str | None, text: str = "") -> None:
        url = address(href or "", self.base)
        if url and len(self.page.links) < LINKS_LIMIT:
            self.page.links[(url, text[:TEXT_LIMIT])] = None


@lru_cache(maxsize=2048)
def _said(tag: str, told: str) -> Style:
    """Return what an element says of its own text."""
    if not (" style=" in told or "color=" in told or " background=" in told or " hidden=" in told or tag == "body"):
        return PLAIN
    values, said = _values(told), PLAIN
    if (back := colour(values.get("bgcolor", ""))) >= 0:
        said = merged(said, Style(back=back))
    if "background" in values:
        said = merged(said, Style(back=UNKNOWN))
    if front := values.get({"font": "color", "body": "text"}.get(tag, "")):
        said = merged(said, Style(colour=colour(front)))
    if css := values.get("style"):
        said = merged(said, style(css))
    return merged(said, Style(gone=True)) if "hidden" in values else said


def _looks(before: _Look, said: Style, link: int | None) -> _Look:
    gone, unseen, tiny, front, back = before
    front = link if link is not None else front
    return (
        gone or said.gone,
        unseen if said.unseen is None else said.unseen,
        tiny if said.tiny is None else said.tiny,
        front if said.colour is None else said.colour,
        back if said.back is None else said.back,
    )


def _values(told: str) -> dict[str, str]:
    """Return the attributes of a tag."""
    found = dict(_VALUE.findall(told))
    return {name: _unescaped(value) for name, value in found.items()} if "&" in told else found


def _unescaped(text: str) -> str:
    for entity, character in (("&nbsp;", "\xa0"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


def _lines(pieces: list[str]) -> str:
    """Return pieces of text as lines, blanks collapsed."""
    lines = (" ".join(line.split()) for line in "".join(pieces).split(_BREAK))
    return "\n".join(line for line in lines if line)[:TEXT_KEPT]


def page(html: str) -> Page:
    """Return what a page holds.

    Example:
        >>> it = page("<p>Hi <a href=https://a.example/>there</a></p><p style='font-size:0'>ham")
        >>> it.text, it.hidden, list(it.links)
        ('Hi there', 'ham', [('https://a.example/', 'there')])
    """
    return _Walk().run(LexborHTMLParser(bounded(html)).html or "")


def bounded(html: str) -> str:
    """Return a page cut so that a parser needs bounded time for it."""
    html = html[:HTML_LIMIT]
    if "data:" in html:
        html = _LONG_DATA.sub(r"\1", html)
    if len(html) > TAG_LIMIT:
        html = _LONG_TAG.sub(r"\1", html)
    if html.count("<") > TAGS_LIMIT:
        html = "<".join(html.split("<", TAGS_LIMIT)[:TAGS_LIMIT])
    return html
