"""What the PDF engine works out again for each box of a page, worked out once for all boxes of one style.

A report has a thousand short texts in a few dozen styles. The engine asks for the font, the height of a line and
the margins of every one of them, though boxes of one style share the answer; and it shapes each line a second
time to draw it. What is here gives the same answers from a note on the style. The bytes of a report are the same
without it (tests/reports/test_quicker.py compares them), only later.

It is written for one release of the engine: with any other it is left out.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

WRITTEN_FOR = "70.0"
# What a box takes from its style whatever it stands in, unless it is told as a share of it.
_SIDES = ("top", "right", "bottom", "left")
_LENGTHS = (
    *(f"margin_{side}" for side in _SIDES),
    *(f"padding_{side}" for side in _SIDES),
    *("width", "height", "min_width", "min_height", "max_width", "max_height"),
)
_BORDERS = tuple(f"border_{side}_width" for side in _SIDES)
_CORNERS = tuple(
    f"border_{corner}_radius" for corner in ("top_left", "top_right", "bottom_right", "bottom_left")
)
_SHARP: dict[str, tuple[int, int]] = dict.fromkeys(_CORNERS, (0, 0))
_BREAKS = frozenset("\n\r\f\v\x1c\x1d\x1e\x85\u2028\u2029")  # where a paragraph may end

log = logging.getLogger(__name__)


def make_quicker() -> None:
    """Puts the quicker ways in place of the engine's own; once a process, before it draws anything."""
    import weasyprint

    if weasyprint.__version__ != WRITTEN_FOR:
        log.info("The PDF engine is %s: it is used as it comes.", weasyprint.__version__)
        return
    from weasyprint.layout import percent
    from weasyprint.text import line_break

    for theirs, ours in (
        (line_break.Layout, _layout(line_break)),
        (line_break.strut, _strut(line_break.strut)),
        (percent.resolve_percentages, _resolve_percentages(percent.resolve_percentages)),
        (percent.resolve_radii_percentages, _resolve_radii(percent.resolve_radii_percentages)),
    ):
        _put_in_place(theirs, ours)
    _fill_styles(weasyprint.css)


def _put_in_place(theirs: Any, ours: Any) -> None:
    """`ours` under every name that the engine's modules know `theirs` by."""
    for name, module in list(sys.modules.items()):
        if name.startswith("weasyprint."):
            for known_as in [key for key, value in vars(module).items() if value is theirs]:
                setattr(module, known_as, ours)


def _layout(line_break: Any) -> type:
    """A line of text that shares its font with the others of its style, and stays shaped until it is drawn."""
    ffi, pango, gobject = line_break.ffi, line_break.pango, line_break.gobject

    class Layout(line_break.Layout):  # type: ignore[misc]
        shaped: tuple[str, Any] | None = None
        """The text that the kept shape is of, and the style that it was shaped in."""

        def setup(self, style: Any) -> None:
            font = style.__dict__.get("_font")
            if font is None:
                font = style._font = self._font(style)
            if not font:  # lines under or through the text, or features of its font
                super().setup(style)
                return
            context, description, self.language = font
            self.style, self.first_line_direction = style, 0
            self.layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
            pango.pango_layout_set_auto_dir(self.layout, False)
            pango.pango_layout_set_font_description(self.layout, description)
            self.ascent = self.underline_position = self.strikethrough_position = None

        @staticmethod
        def _font(style: Any) -> tuple[Any, ...]:
            """Pango's context, font and language for a style; nothing where it asks for more than a font."""
            features = line_break.font_features(
                *(style[f"font_{name}"] for name in ("kerning", "variant_ligatures", "variant_position")),
                *(style[f"font_variant_{name}"] for name in ("caps", "numeric", "alternates", "east_asian")),
                style["font_feature_settings"],
            )
            if (
                features
                or style["text_decoration_line"] != "none"
                or style["font_language_override"] != "normal"
            ):
                return ()
            context = ffi.gc(
                pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref
            )
            pango.pango_context_set_round_glyph_positions(context, False)
            pango.pango_context_set_base_dir(context, line_break.PANGO_DIRECTION[style["direction"]])
            language = pango.pango_language_get_default()
            if style["lang"]:
                text, _ = line_break.unicode_to_char_p(style["lang"])
                language = pango.pango_language_from_string(text)
                pango.pango_context_set_language(context, language)
            return context, line_break.get_font_description(style), language

        def set_text(self, text: str, justify: bool = False) -> None:
            if _BREAKS.isdisjoint(text):  # as when it is drawn: another mode would have it shaped again
                pango.pango_layout_set_single_paragraph_mode(self.layout, True)
            super().set_text(text, justify)
            self.shaped = None if self.justification_spacing else (self.text, self.style)

        def deactivate(self) -> None:
            """The shape stays for the drawing, which asks for the same once more."""

        def reactivate(self, style: Any) -> None:
            if self.shaped != (self.text, style) or self.shaped[1] is not style:
                super().reactivate(style)

    return Layout


def _fill_styles(css: Any) -> None:
    """A new style starts with all that is as CSS starts it: the engine comes to the same one by one, seventy times."""
    worked_out = {*css.INHERITED, *css.INITIAL_NOT_COMPUTED, "page", "position", "float", "display"}
    plain = {
        name: value
        for name, value in css.INITIAL_VALUES.items()
        if name not in worked_out and not name.startswith("text_decoration_")
    }
    written = re.compile("inline|block")  # sides told by the direction of writing; we tell none so
    anonymous, computed = css.AnonymousStyle.__init__, css.ComputedStyle.__init__

    def anonymous_style(self: Any, parent_style: Any) -> None:
        self.update(plain)
        anonymous(self, parent_style)

    def computed_style(self: Any, parent_style: Any, cascaded: Any, *more: Any) -> None:
        computed(self, parent_style, cascaded, *more)
        if not any(map(written.search, cascaded)):
            self.update(plain)
            for name in cascaded:
                self.pop(name, None)

    css.AnonymousStyle.__init__, css.ComputedStyle.__init__ = anonymous_style, computed_style


def _strut(theirs: Any) -> Any:
    def strut(style: Any) -> tuple[float, float]:
        kept: tuple[float, float] | None = style.__dict__.get("_strut")
        if kept is None:
            kept = style._strut = theirs(style)
        return kept

    return strut


def _resolve_percentages(theirs: Any) -> Any:
    def resolve_percentages(box: Any, containing_block: Any) -> None:
        fixed = box.style.__dict__.get("_fixed")
        if fixed is None:
            fixed = box.style._fixed = _fixed(box.style)
        if fixed:
            box.__dict__.update(fixed)
        else:
            theirs(box, containing_block)

    return resolve_percentages


def _fixed(style: Any) -> dict[str, Any]:
    """The measures of a box in that style wherever it stands; nothing where its surroundings have a say."""
    if style["border_collapse"] == "collapse" or style["box_sizing"] != "content-box":
        return {}
    found = {name: style[name] for name in _LENGTHS}
    if any(value != "auto" and getattr(value, "unit", None) != "px" for value in found.values()):
        return {}
    fixed = {name: value if value == "auto" else value.value for name, value in found.items()}
    for name in ("min_width", "min_height"):
        fixed[name] = 0 if fixed[name] == "auto" else fixed[name]
    return fixed | {name: style[name] for name in _BORDERS}


def _resolve_radii(theirs: Any) -> Any:
    def resolve_radii_percentages(box: Any) -> None:
        sharp = box.style.__dict__.get("_sharp")
        if sharp is None:
            sharp = box.style._sharp = all((0, "px") in box.style[corner] for corner in _CORNERS)
        if sharp:
            box.__dict__.update(_SHARP)
        else:
            theirs(box)

    return resolve_radii_percentages
