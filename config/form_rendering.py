"""How the inputs of forms become HTML: what Django's templates of widgets write, less their empty lines.

A template costs as much an input as a query does, and again for every few options of a select; lists are filtered by
selects of 250 countries, and an assessment asks fifty questions in one form. Other widgets go the usual way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape as escaped
from django.utils.safestring import SafeData

Widget = Mapping[str, Any]  # what a widget's `get_context` says of it


class Inputs(DjangoTemplates):
    """The renderer that the setting FORM_RENDERER names."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        draw = _DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)


def _text(value: Any) -> str:
    return escaped(value if isinstance(value, SafeData) else str(value))


def _attributes(widget: Widget) -> str:
    return "".join(
        [
            f" {_text(name)}" if value is True else f' {_text(name)}="{_text(value)}"'
            for name, value in widget["attrs"].items()
            if value is not False
        ]
    )


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    return (
        f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"{value}{_attributes(widget)}>'
    )


def _textarea(widget: Widget) -> str:
    value = _text(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_text(widget["name"])}"{_attributes(widget)}>\n{value}</textarea>'


def _select(widget: Widget) -> str:
    lines = [f'<select name="{_text(widget["name"])}"{_attributes(widget)}>']
    for group, options, _ in widget["optgroups"]:
        if group:
            lines.append(f'  <optgroup label="{_text(group)}">')
        lines += [
            f'  <option value="{_text(one["value"])}"{_attributes(one)}>{_text(one["label"])}</option>'
            for one in options
        ]
        if group:
            lines.append("  </optgroup>")
    return "\n".join([*lines, "</select>"])


_DRAWN: dict[str, Callable[[Widget], str]] = {
    f"django/forms/widgets/{name}.html": draw
    for draw, names in (
        (_input, "checkbox date datetime email file hidden number password text time url"),
        (_select, "select"),
        (_textarea, "textarea"),
    )
    for name in names.split()
}
