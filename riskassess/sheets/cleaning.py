"""Texts without what the tools they passed through left in them: markup, footnote marks, wrong letters.

The cell itself is never changed: what it held is kept beside what was read, and the note says what went.
"""

from __future__ import annotations

import html
import re

from riskassess.sheets.results import garbled, quoted, tidy

_SUSPECT = re.compile(r"[<`*&\[\\†‡§¹²³⁰⁴-⁹~]|__")
_FOOTNOTE = re.compile(
    r"\s*(?:<sup\b[^<>]*>\s*(?:<a\b[^<>]*>)?\s*[\[(]?[\w*†‡§, -]{1,6}[\])]?\s*(?:</a>)?\s*</sup>"
    r"|\[\^[^\[\]\s]{1,60}\]|<a\b[^<>]*footnote[^<>]*>[^<>]{0,6}</a>)",
    re.IGNORECASE,
)
_MARKS = re.compile(r"(?<=[\w)\]%.™®])\s*(?:[*†‡§]+|[¹²³⁰⁴-⁹]+|\\\*+)$")  # behind a name only
_BREAK = re.compile(r"\s*(?:<br\s*/?>|</(?:li|p|div|tr|h[1-6])>\s*(?=<|\S))\s*", re.IGNORECASE)
_ITEM = re.compile(r"\s*<li\b[^<>]*>\s*", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|abbr|b|blockquote|code|del|div|em|font|h[1-6]|hr|i|img|ins|kbd|li|ol|p|pre|s|small|span|strike"
    r"|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul)\b[^<>]*>|<!--.*?-->",
    re.IGNORECASE | re.DOTALL,
)
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()\s]*(?:\s+\"[^\"]*\")?\)|\[[^\[\]]*\])")
_STRONG = re.compile(r"(\*\*\*|\*\*|(?<!\w)__|~~)(?=\S)(.+?)(?<=\S)(?:\1(?!\w)|(?<!_)\1)")
_EMPHASIS = re.compile(r"(?<![\w*/.])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*/])\*(?![\w*/])")
_CODE = re.compile(r"(`+)\s*([^`]+?)\s*\1")
_ENTITY = re.compile(r"&(?:[a-z][a-z0-9]{1,30}|#\d{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
# A picture before or behind the words draws the eye: `🔴 2026-04-20`, `Swift ⭐`. The joiners go with it.
_PICTURE = r"[\U0001F000-\U0001FAFF\u2600-\u27BF\u2B00-\u2BFF\u25A0-\u25FF\u2190-\u21FF\u2300-\u23FF]"
_PICTURES = rf"(?:{_PICTURE}[\uFE0F\u200D\u20E3]*)+"
_DRAWN = re.compile(rf"(?:{_PICTURES}\s*)+(?=[^\s])|(?<=\S)(?:\s*{_PICTURES})+$")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")


def cleaned(text: str, *, name: bool = False, drawn: bool = False) -> tuple[str, str]:
    """The text a reader of the sheet would see, and a note where that is not the text it holds.

    Behind a `name`, the marks `*`, `†` and raised digits refer to a footnote; elsewhere they may be part of
    what is said. Pictures around a name say nothing of it, unless what is said may be `drawn`, as a tick is.
    """
    notes = ["letters that a wrong character set had garbled are repaired"] if garbled(text) else []
    text = tidy(text)
    if name and not drawn and not text.isascii() and (plain := _undrawn(text)) != text:
        notes.append(f"picture removed from {quoted(text)}")
        text = plain
    if not _SUSPECT.search(text):
        return text, "; ".join(notes)
    shown, footnotes = _without_footnotes(text, name=name)
    plain = without_markup(shown)
    if plain != shown:
        notes.append("markup removed")
    if name and (mark := _MARKS.search(plain)):
        footnotes.append(mark[0].strip())
        plain = plain[: mark.start()].rstrip()
    if footnotes:
        notes.append(f"footnote mark {', '.join(quoted(mark) for mark in footnotes)} removed")
    return plain, "; ".join(notes)


def _undrawn(text: str) -> str:
    """The text without the pictures around it; what is nothing else stays."""
    plain = text
    if begins := _DRAWN.match(plain):
        plain = plain[begins.end() :]
    if (ends := _DRAWN.search(plain)) and ends.end() == len(plain):
        plain = plain[: ends.start()].rstrip()
    return plain


def _without_footnotes(text: str, *, name: bool) -> tuple[str, list[str]]:
    marks = [found[0].strip() for found in _FOOTNOTE.finditer(text)]
    if not marks:
        return text, []
    plain = _FOOTNOTE.sub("", text).strip()
    return (plain, marks) if plain or name else (text, [])


def without_markup(text: str) -> str:
    """Markdown and HTML as the words they show; line breaks and list items are lines."""
    if "<" in text:
        text = _ITEM.sub("\n", _BREAK.sub("\n", text))
        text = _TAG.sub("", text)
    if "[" in text:
        text = _LINK.sub(r"\1", text)
    if "`" in text:
        text = _CODE.sub(r"\2", text)
    for pattern in (_STRONG, _EMPHASIS):
        text = pattern.sub(lambda found: found[found.lastindex or 0], text)
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    if "\\" in text:
        text = _ESCAPED.sub(r"\1", text)
    return "\n".join(line for line in (tidy(line) for line in text.split("\n")) if line)
