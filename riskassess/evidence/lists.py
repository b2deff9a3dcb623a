"""The list pages of evidence: claims, and what nobody has said yet."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html

from riskassess import marks
from riskassess.catalog.lists import EVIDENCE_TABS
from riskassess.evidence.filters import ClaimFilter, QuestionFilter
from riskassess.evidence.models import Claim, OpenQuestion
from riskassess.listing import Column, ListPage


def subject_cell(row: Claim | OpenQuestion) -> str:
    """The narrowest record that a row is about."""
    subject: Any = row.offering or row.model or row.vendor
    return marks.plain_link(subject.get_absolute_url(), subject)


def subject_of(row: Claim | OpenQuestion) -> str:
    return str(row.offering or row.model or row.vendor)


def shown_how_well(claim: Claim) -> str:
    """The ladder and its step in words."""
    word = Claim.Substantiation(claim.substantiation).label
    return format_html(
        '{}<span class="small"><b>{} of 5</b> {}</span>',
        marks.ladder(claim.substantiation, word=word),
        claim.substantiation,
        word,
    )


CLAIMS: ListPage[Claim] = ListPage(
    title="Claims",
    lede="What is said about vendors, models and offerings, and how well it is shown.",
    filters=ClaimFilter,
    order="substantiation",
    empty="No claim on record yet.",
    tabs=EVIDENCE_TABS,
    columns=(
        Column(
            "title",
            "Claim",
            lambda claim: claim.title,
            show=lambda claim: marks.link(claim.get_absolute_url(), claim.title, claim.get_kind_display()),
            order_by=("title",),
        ),
        Column("about", "About", subject_of, show=subject_cell, wide=True),
        Column(
            "vendor",
            "Vendor",
            lambda claim: claim.vendor.name,
            show=lambda claim: marks.plain_link(claim.vendor.get_absolute_url(), claim.vendor),
            order_by=("vendor__name", "title"),
        ),
        Column(
            "substantiation",
            "Shown how well",
            lambda claim: claim.substantiation,
            show=shown_how_well,
            order_by=("substantiation", "title"),
            wide=True,
        ),
        Column(
            "verification",
            "Checked",
            lambda claim: claim.get_verification_display(),
            order_by=("verification",),
            wide=True,
        ),
        Column("interest", "Claimant", lambda claim: claim.get_interest_display(), order_by=("interest",)),
        Column(
            "made",
            "Made on",
            lambda claim: claim.made_on,
            show=lambda claim: marks.day(claim.made_on) if claim.made_on else marks.unknown(),
            order_by=("made_on",),
        ),
    ),
)

QUESTIONS: ListPage[OpenQuestion] = ListPage(
    title="Open questions",
    lede="What nobody has said yet, and what an answer would decide. Oldest first.",
    filters=QuestionFilter,
    order="raised",
    empty="No open question.",
    tabs=EVIDENCE_TABS,
    columns=(
        Column(
            "text",
            "Question",
            lambda question: question.text,
            show=lambda question: marks.link(question.get_absolute_url(), question.text),
            order_by=("text",),
        ),
        Column("about", "About", subject_of, show=subject_cell, wide=True),
        Column(
            "decides", "Would decide", lambda question: question.decides, order_by=("decides",), wide=True
        ),
        Column("state", "State", lambda question: question.get_state_display(), order_by=("state",)),
        Column(
            "raised",
            "Raised on",
            lambda question: question.raised_on,
            show=lambda question: marks.day(question.raised_on),
            order_by=("raised_on",),
        ),
    ),
)
