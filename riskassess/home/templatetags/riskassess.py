"""Template tags every page may use; built in, so no `{% load %}` is needed.

    {% mark "approve" %}             word + shape + colour; any case; names in riskassess.marks.WORDS
    {% mark run.decision "Pilot" %}  the same shape with another word
    {% unknown %} {% na %}           what nobody has said; what does not arise
    {% icon "conflict" %}            the shape alone, beside a word of your own
    {{ value|or_unknown }}           text, or the unknown mark for None and ""
    {{ flag|yes_no }}                Yes, No or the unknown mark
    {% ladder claim.substantiation %}            0 to 5, how well a claim is shown
    {% progress job.percent "Scoring" %}         a bar of how far something is
    {% interval 19.7 43.5 "Risk" lines %}        a small bar 0 to 100 on the four bands, both ends marked
    {% cell_link source "K12" %}     a cell's address; of an imported sheet it leads to the row as it came
    {{ day|day }}                    `24 Nov 2026`, or the unknown mark
    {{ verdicts|of:offering.pk }}    an entry of a mapping, or `–`
    {{ code|country }}               `Germany`, or the unknown mark
    {{ "FDA4"|rule_url }}            the page of a rule; also regime_url, factor_url, gate_url

Partials, each an `{% include %}`:
    partials/source.html   `source` (a catalog or kernel Source), `cell`, `as_of`: where a value comes from
    partials/job.html      `job`: its progress, asked for again each second until it is over
    partials/heads.html    `listing`: sortable table heads
    partials/pager.html    `listing`: rows shown, earlier, later
    partials/field.html    `field`: label, input, help and errors of one form field
    partials/sprite.html   the shapes; base.html has it already
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django import template
from django.utils.safestring import SafeString

from riskassess import marks
from riskassess.catalog.fields import country_name

register = template.Library()

register.simple_tag(marks.mark, name="mark")
register.simple_tag(marks.unknown, name="unknown")
register.simple_tag(marks.not_applicable, name="na")
register.simple_tag(marks.icon, name="icon")
register.simple_tag(marks.progress, name="progress")
register.simple_tag(marks.cell_link, name="cell_link")
register.filter("or_unknown", marks.or_unknown)
register.filter("yes_no", marks.yes_no)
register.filter("rule_url", marks.rule_url)
register.filter("regime_url", marks.regime_url)
register.filter("factor_url", marks.factor_url)
register.filter("gate_url", marks.gate_url)


@register.simple_tag
def ladder(step: int, word: str = "") -> SafeString:
    """How well a claim is shown, 0 to 5."""
    return marks.ladder(step, word=word)


@register.simple_tag
def interval(low: float, high: float, label: str, edges: Sequence[int]) -> SafeString:
    """A small bar of an interval on the four bands; `edges` are the lines that part them."""
    return marks.interval_bar(low, high, edges, label=label)


@register.filter
def day(value: date | None) -> str:
    """`4 Aug 2026`; the unknown mark for None."""
    return marks.unknown() if value is None else marks.day(value)


@register.filter
def country(code: str | None) -> str:
    """A country code's name; the unknown mark for None."""
    return marks.or_unknown(country_name(code))


@register.filter
def of(mapping: Mapping[object, str], key: object) -> str:
    """The entry of a mapping whose keys a template knows only by name; a dash where there is none."""
    return mapping.get(key, "–")
