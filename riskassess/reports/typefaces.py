"""The typefaces of a report: our own files, the same on every machine, and no more of them than the text needs.

Source Sans covers Latin, Greek and Cyrillic. A report with a name in another script takes one more face for
it; what no face can draw is printed as its code point in brackets, never as an empty box. A face of the
machine is never used: the engine is shown a configuration without any.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable

BASE = "Source Sans Pro"
_SCRIPTS = "manimgx_fonts"  # the Noto faces for scripts beyond Latin, as their project publishes them
_RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
# Words of it with what stands between them, such as an escaped quotation mark.
_RIGHT_TO_LEFT_RUN = re.compile(f"[{_RIGHT_TO_LEFT}](?:(?:[^<>&]|&#?\\w+;){{0,3}}[{_RIGHT_TO_LEFT}])*")
# What would turn the order of all that follows it, the report's own words included: isolating ours is enough.
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_VARIANTS = re.compile(
    "[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)  # of the sign before, not signs
_INVISIBLE = ("Cf", "Cc", "Zl", "Zp")  # categories of characters without a shape of their own


@dataclass(frozen=True, slots=True)
class Face:
    """One file: its family as style sheets name it, where it is, its weight (None for all of them)."""

    family: str
    package: str
    file: str
    weight: int | None = None

    @property
    def address(self) -> str:
        return f"report-font:{self.package}/{self.file}"

    @property
    def path(self) -> Traversable:
        return resources.files(self.package).joinpath(*self.file.split("/"))

    @property
    def rule(self) -> str:
        """The style sheet's rule that brings this face."""
        weight = f" font-weight: {self.weight};" if self.weight else ""
        return f'@font-face {{ font-family: "{self.family}";{weight} src: url("{self.address}"); }}'


def _noto(script: str) -> Face:
    return Face(f"Noto Sans {script}", _SCRIPTS, f"NotoSans{script}[wght].ttf")


OWN = (
    Face(BASE, "font_source_sans_pro", "files/SourceSansPro-Regular.ttf", 400),
    Face(BASE, "font_source_sans_pro", "files/SourceSansPro-Semibold.ttf", 700),
)
# Chinese and Korean take the Japanese forms of the signs they share: one file of 16 MB instead of four.
EAST_ASIAN = Face("Noto Sans CJK JP", "noto_cjk_sans_jp_regular", "NotoSansCJKjp-Regular.otf")
SYMBOLS = (
    Face("Noto Sans", _SCRIPTS, "NotoSans[wght].ttf"),  # rarer Latin, Greek and Cyrillic, and what IPA adds
    _noto("Symbols"),
    Face("Noto Emoji", _SCRIPTS, "NotoEmoji[wght].ttf"),
)
BY_SCRIPT = {
    **dict.fromkeys(("Hani", "Hira", "Kana", "Hang", "Bopo"), EAST_ASIAN),
    "Arab": _noto("Arabic"),
    "Armn": _noto("Armenian"),
    "Beng": _noto("Bengali"),
    "Deva": _noto("Devanagari"),
    "Ethi": _noto("Ethiopic"),
    "Geor": _noto("Georgian"),
    "Gujr": _noto("Gujarati"),
    "Guru": _noto("Gurmukhi"),
    "Hebr": _noto("Hebrew"),
    "Khmr": _noto("Khmer"),
    "Knda": _noto("Kannada"),
    "Laoo": _noto("Lao"),
    "Mlym": _noto("Malayalam"),
    "Mymr": _noto("Myanmar"),
    "Orya": _noto("Oriya"),
    "Sinh": _noto("Sinhala"),
    "Taml": _noto("Tamil"),
    "Telu": _noto("Telugu"),
    "Thai": _noto("Thai"),
}
FACES = {face.address: face for face in (*OWN, EAST_ASIAN, *SYMBOLS, *BY_SCRIPT.values())}


def set_for_print(text: str) -> tuple[str, tuple[Face, ...]]:
    """`text` as it can be printed, and the faces it needs besides our own, in a fixed order.

    What is written from right to left is isolated, so that figures after it stay after it. Marks that turn the
    order of writing are left out.
    """
    text = _TURNS.sub("", text)
    foreign = sorted(set(_VARIANTS.sub("", text)) - _drawn_by_us())
    if not foreign:
        return text, ()
    faces: set[Face] = set()
    unknown: dict[int, str] = {}
    for sign in foreign:
        face = _face_for(sign)
        if face is not None:
            faces.add(face)
        elif unicodedata.category(sign) not in _INVISIBLE:
            unknown[ord(sign)] = f"[U+{ord(sign):04X}]"
    isolated = _RIGHT_TO_LEFT_RUN.sub("\u2067\\g<0>\u2069", text.translate(unknown))
    return isolated, tuple(face for face in FACES.values() if face in faces)


def _face_for(sign: str) -> Face | None:
    from fontTools.unicodedata import script

    own = BY_SCRIPT.get(script(sign))
    candidates = (own,) if own else (*SYMBOLS, EAST_ASIAN)
    return next((face for face in candidates if ord(sign) in _characters(face)), None)


@lru_cache(maxsize=1)
def _drawn_by_us() -> frozenset[str]:
    """What needs no other face: the signs that every weight of our own has, and line ends."""
    shared = _characters(OWN[0]) & _characters(OWN[1])
    return frozenset(map(chr, shared)) | frozenset("\t\n\r")


@cache
def _characters(face: Face) -> frozenset[int]:
    """The code points that a face has a shape for."""
    from fontTools.ttLib import TTFont

    with face.path.open("rb") as file, TTFont(file, lazy=True) as font:
        return frozenset(font.getBestCmap())


@contextmanager
def only_our_own(configuration: str) -> Iterator[None]:
    """While the engine sets up its fonts, it is shown the file `configuration`, which names no folder."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = configuration
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before
