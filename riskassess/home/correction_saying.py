"""Telling at a form's fields why a correction was not taken."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html

from riskassess.accounts.models import User
from riskassess.catalog.models import Source
from riskassess.catalog.twins import ExistsAlready
from riskassess.kernel.errors import InvalidInput


def tell(form: forms.Form, error: InvalidInput, by: User) -> None:
    """Says it at its field; of another record that exists already, where that is."""
    text = f"{error.message} {error.hint}".strip()
    if isinstance(error, ExistsAlready) and (url := _address(error.other, by)):
        text = format_html('{} <a href="{}">Open it</a>. {}', error.message, url, error.hint)
    form.add_error(error.where if error.where in form.fields else None, text)


def _address(other: Any, by: User) -> str:
    """The page of a record, or of what it belongs to; '' where the person may not see it."""
    if isinstance(other, Source) and not Source.objects.visible_to(by).filter(pk=other.pk).exists():
        return ""
    page = other if hasattr(other, "get_absolute_url") else other.offering
    return str(page.get_absolute_url())
