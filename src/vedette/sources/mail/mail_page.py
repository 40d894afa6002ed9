"""The HTML of a message as its reader sees it: text, what is hidden from him, links with their text, and counts; in one walk.

Parsed by lexbor, as browsers parse (HTML standard); its tree building is quadratic in nesting and in the attributes of one tag, so both are
bounded before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from vedette.sources.mail.mail_links import TEXT_LIMIT, address, in_text
from vedette.sources.mail.mail_styles import PLAIN, UNKNOWN, Style, alike, colour, merged, sheet, style

HTML_LIMIT, TAGS_LIMIT, TAG_LIMIT, NODES_LIMIT = 1 << 19, 10_000, 1 << 14, 40_000
"""Characters that are parsed; tags; characters of one tag; nodes that are looked at."""
TEXT_KEPT = 1 << 16
"""Characters of text kept, seen and hidden each."""
LINKS_LIMIT = 500

_BREAK = "\0"
_BLOCKS = frozenset(
    "p div br tr li ul ol table h1 h2 h3 h4 h5 h6 blockquote hr pre center form section article header footer main nav dl dt dd address"
    " fieldset figure figcaption caption title option".split()
)
_CELLS = frozenset(("td", "th"))
_SILENT = frozenset("script style head template noscript title object svg math select textarea audio video".split())
_LONG_DATA = re.compile(r"(data:[^\"'>\s]{256})[^\"'>\s]+", re.IGNORECASE)
_LONG_TAG = re.compile(rf"(<[^<>]{{{TAG_LIMIT}}})[^<>]*")
_PIXEL = re.compile(r"\s*[01]?(?:px)?\s*")
_LINK_BLUE = 0x0000EE


@dataclass(slots=True)
class Page:
    """What a page holds.

    Attributes:
        text, hidden: what is seen and what is not, blocks on lines of their own.
        links: address and the text that it is shown with, each pair once.
        forms ... frames: how many of each; ``linked_images``: images inside of a link.
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
class _Open:
    """An element that is open: how its text looks, and whether it ends a line."""

    gone: bool
    unseen: bool
    tiny: bool
    colour: int
    back: int
    block: bool
    silent: bool
    link: str
    opens_link: bool = False

    def hides(self) -> bool:
        return self.gone or self.unseen or self.tiny or alike(self.colour, self.back)


class _Walk:
    """One walk over one tree."""

    def __init__(self) -> None:
        self.page = Page()
        self.seen: list[str] = []
        self.hidden: list[str] = []
        self.kept = [0, 0]
        self.rules: dict[str, Style] = {}
        self.base = ""
        self.link_text: list[str] = []
        self.look = False  # whether what is open now is hidden

    def run(self, root: LexborNode) -> Page:
        """Walk in document order, without recursion: a page may nest as deep as it likes."""
        state = _Open(False, False, False, 0, 0xFFFFFF, False, False, "")
        stack: list[_Open] = [state]
        node: LexborNode | None = root
        left = NODES_LIMIT
        while node is not None and left:
            left -= 1
            tag = node.tag
            child = None
            if tag == "-text":
                self._text(node.text_content or "", state)
            elif tag is not None and tag[0] != "-" and tag[0] != "_":
                child = self._enter(node, tag, state, stack)
                if child is not None:
                    state = stack[-1]
            if child is not None:
                node = child
                continue
            following = node.next
            while following is None:
                parent = node.parent
                if parent is None or len(stack) == 1:
                    return self._done()
                self._leave(stack.pop())
                state = stack[-1]
                self.look = state.hides()
                node = parent
                following = node.next
            node = following
        return self._done()

    def _done(self) -> Page:
        self.page.text, self.page.hidden = _lines(self.seen), _lines(self.hidden)
        return self.page

    def _text(self, text: str, state: _Open) -> None:
        if state.silent:
            return
        if state.link:
            self.link_text.append(text)
        elif len(self.page.links) < LINKS_LIMIT:
            for url in in_text(text, LINKS_LIMIT):
                self.page.links[(url, url[:TEXT_LIMIT])] = None
        where, into = (1, self.hidden) if self.look else (0, self.seen)
        if self.kept[where] < TEXT_KEPT:
            into.append(text)
            self.kept[where] += len(text)

    def _enter(self, node: LexborNode, tag: str, state: _Open, stack: list[_Open]) -> LexborNode | None:
        """Take in an element; return its first child where it is to be walked, which opens it."""
        block = tag in _BLOCKS
        if block:
            (self.hidden if self.look else self.seen).append(_BREAK)
        elif tag in _CELLS:
            (self.hidden if self.look else self.seen).append(" ")
        told = node.attributes
        silent = state.silent or tag in _SILENT
        if tag in _COUNTED:
            self._count(node, tag, told, state)
        child = node.first_child
        if child is None:
            return None
        link, opens = state.link, False
        if tag == "a" and not link and (href := told.get("href")):
            link = address(href, self.base)
            opens = bool(link)
            self.link_text = []
        said = self._style(tag, told) if told or self.rules else PLAIN
        look = (state.gone, state.unseen, state.tiny, state.colour, state.back)
        if said is not PLAIN or opens:
            look = _looks(look, said, _LINK_BLUE if opens else None)
        opened = _Open(*look, block, silent, link, opens)
        stack.append(opened)
        self.look = opened.hides()
        return child

    def _leave(self, state: _Open) -> None:
        if state.block:
            (self.hidden if self.look else self.seen).append(_BREAK)
        if state.opens_link and len(self.page.links) < LINKS_LIMIT:
            self.page.links[(state.link, " ".join("".join(self.link_text).split())[:TEXT_LIMIT])] = None

    def _style(self, tag: str, told: dict[str, str | None]) -> Style:
        said = PLAIN
        if self.rules:
            for key in (
                tag,
                *("." + c for c in (told.get("class") or "").lower().split()[:20]),
                "#" + (told.get("id") or "").lower(),
            ):
                if key in self.rules:
                    said = merged(said, self.rules[key])
        if not told:
            return said
        if "bgcolor" in told:
            said = merged(said, Style(back=_known(told["bgcolor"])))
        if tag == "font" and told.get("color"):
            said = merged(said, Style(colour=colour(told["color"] or "")))
        if tag == "body" and told.get("text"):
            said = merged(said, Style(colour=colour(told["text"] or "")))
        if "background" in told:
            said = merged(said, Style(back=UNKNOWN))
        if "style" in told and told["style"]:
            said = merged(said, style(told["style"]))
        if "hidden" in told:
            said = merged(said, Style(gone=True))
        return said

    def _count(self, node: LexborNode, tag: str, told: dict[str, str | None], state: _Open) -> None:
        page = self.page
        match tag:
            case "img":
                self._image(told, state)
            case "form":
                page.forms += 1
                self._link(told.get("action"))
            case "input":
                page.password_fields += (told.get("type") or "").lower() == "password"
            case "script":
                page.scripts += 1
            case "iframe" | "frame" | "object" | "embed":
                page.frames += 1
                self._link(told.get("src") or told.get("data"))
            case "area":
                self._link(told.get("href"), told.get("alt") or "")
            case "base":
                self.base = self.base or address(told.get("href") or "")
            case "style":
                sheet(node.text(deep=True) or "", self.rules)
            case "meta" if (told.get("http-equiv") or "").lower() == "refresh":
                self._link((told.get("content") or "").partition("=")[2].strip(" '\""))

    def _image(self, told: dict[str, str | None], state: _Open) -> None:
        source, alt = (told.get("src") or "").strip()[:16].lower(), told.get("alt") or ""
        remote = source.startswith(("http:", "https:", "//"))
        self.page.remote_images += remote
        sizes = [told.get(side) for side in ("width", "height")]
        self.page.pixel_images += remote and any(s is not None and _PIXEL.fullmatch(s[:8]) is not None for s in sizes)
        self.page.linked_images += bool(state.link)
        if alt:
            self._text(f" {alt} ", state)

    def _link(self, href: str | None, text: str = "") -> None:
        url = address(href or "", self.base)
        if url and len(self.page.links) < LINKS_LIMIT:
            self.page.links[(url, text[:TEXT_LIMIT])] = None


_COUNTED = frozenset("img form input script iframe frame object embed area base style meta".split())
_Look = tuple[bool, bool, bool, int, int]


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


def _known(text: str | None) -> int | None:
    found = colour(text or "")
    return found if found >= 0 else None


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
    return _Walk().run(LexborHTMLParser(bounded(html)).root)


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
