"""The list pages of evidence: claims, what nobody has said yet, and documents."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.html import format_html

from riskassess import marks
from riskassess.catalog.lists import EVIDENCE_TABS
from riskassess.evidence.document import Standing
from riskassess.evidence.filters import ClaimFilter, DocumentFilter, QuestionFilter
from riskassess.evidence.models import Claim, Document, OpenQuestion
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
            order_by=("made_on",),
            day=True,
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
            order_by=("raised_on",),
            day=True,
        ),
    ),
)


def standing_cell(document: Document) -> str:
    """How it stands today, as a mark where it no longer supports what rests on it in full."""
    standing = document.standing(timezone.localdate())
    return standing.word if standing is Standing.THERE else marks.mark("invalid", standing.word)


DOCUMENTS: ListPage[Document] = ListPage(
    title="Documents",
    lede="Files that prove something, of your business units. Each is kept once, by its hash.",
    filters=DocumentFilter,
    order="-uploaded",
    empty="No document yet. Attach one at a question, on a claim or on a vendor's page.",
    tabs=EVIDENCE_TABS,
    columns=(
        Column(
            "name",
            "Document",
            lambda document: document.name,
            show=lambda document: marks.link(
                document.get_absolute_url(), document.name, document.get_kind_display()
            ),
            order_by=("name",),
        ),
        Column("counts_as", "Counts as", lambda document: document.get_counts_as_display(), wide=True),
        Column(
            "vendor",
            "About",
            lambda document: document.vendor.name if document.vendor else "",
            show=lambda document: (
                marks.plain_link(document.vendor.get_absolute_url(), document.vendor)
                if document.vendor
                else "–"
            ),
            order_by=("vendor__name",),
        ),
        Column("unit", "Business unit", lambda document: document.unit.name, order_by=("unit__name",)),
        Column(
            "dated",
            "Dated",
            lambda document: document.dated_on,
            order_by=("dated_on",),
            day=True,
        ),
        Column(
            "expires",
            "Holds until",
            lambda document: document.expires_on,
            show=lambda document: marks.day(document.expires_on) if document.expires_on else "–",
            order_by=("expires_on",),
            day=True,
        ),
        Column(
            "standing",
            "Stands",
            lambda document: document.standing(timezone.localdate()).word,
            show=standing_cell,
        ),
        Column(
            "uploaded",
            "Attached on",
            lambda document: timezone.localtime(document.uploaded_at).date(),
            order_by=("uploaded_at",),
            day=True,
        ),
    ),
)
