"""Inputs, addresses and marks are made in Python for speed: they must be what the slow way makes."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.urls import NoReverseMatch, reverse, set_script_prefix
from django.utils.safestring import SafeString

from config.form_rendering import Inputs
from riskassess import marks
from riskassess.routes import address

HOSTILE = """<b title='a' class="b">&"""
CHOICES: list[Any] = [
    ("", "Any"),
    ("a&b", HOSTILE),
    (1, "One"),
    (HOSTILE, [("x", "In a group"), (True, SafeString("<i>marked</i>"))]),
]


@pytest.mark.parametrize("value", [None, "", "x", "1", HOSTILE, 7, SafeString("&amp;")])
@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput(attrs={"class": HOSTILE, "required": True, "hidden": False}),
        forms.HiddenInput(),
        forms.NumberInput(attrs={"min": 0}),
        forms.EmailInput(),
        forms.PasswordInput(render_value=True),
        forms.CheckboxInput(),
        forms.Textarea(attrs={"rows": 3}),
        forms.Select(choices=CHOICES),
        forms.Select(choices=CHOICES, attrs={"aria-describedby": "help", "disabled": True}),
        forms.NullBooleanSelect(),
        forms.SelectMultiple(choices=CHOICES),
        forms.RadioSelect(choices=CHOICES),
    ],
    ids=lambda widget: type(widget).__name__,
)
def test_an_input_is_written_as_django_writes_it(widget: forms.Widget, value: Any) -> None:
    given = [value] if isinstance(widget, forms.SelectMultiple) and value is not None else value
    attributes = {"id": "id_it"}

    ours, theirs = (
        widget.render("it", given, attributes, renderer=one).replace("\n\n", "\n")
        for one in (Inputs(), DjangoTemplates())
    )  # less the empty line with which their file of an option ends

    assert ours == theirs


def test_every_form_of_the_site_is_written_so() -> None:
    assert isinstance(forms.Form().renderer, Inputs)


class TestAddresses:
    @pytest.mark.parametrize(
        ("route", "of"),
        [
            ("catalog:offering", "gpt-0-10"),
            ("catalog:source", 1001),
            ("rules:rule", "FDA4"),
            ("rules:method", ""),
        ],
    )
    def test_it_is_what_the_routes_say(self, route: str, of: int | str) -> None:
        assert address(route, of) == reverse(route, args=[of] if of else [])

    def test_a_site_below_another_path_keeps_it(self) -> None:
        assert address("catalog:source", 7) == "/sources/7/"
        try:
            set_script_prefix("/tools/risk/")
            assert address("catalog:source", 7) == "/tools/risk/sources/7/"
        finally:
            set_script_prefix("/")

    def test_a_route_that_is_none_is_said(self) -> None:
        with pytest.raises(NoReverseMatch):
            address("catalog:nowhere", 7)


def test_a_mark_that_was_made_of_a_safe_word_leaves_the_same_word_of_a_stranger_unsafe() -> None:
    safe = marks.mark("approve", SafeString("<b>Yes</b>"))

    assert "<b>Yes</b>" in safe
    assert "&lt;b&gt;Yes&lt;/b&gt;" in marks.mark("approve", "<b>Yes</b>")


@pytest.mark.parametrize("made", [marks.link, marks.plain_link, marks.noted])
def test_what_is_shown_in_a_cell_is_escaped(made: Any) -> None:
    assert "<b title" not in made(HOSTILE, HOSTILE)
    assert "&quot;/x&quot;" in marks.link('"/x"', "x")
