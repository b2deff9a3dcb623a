"""What changed since a person last looked: by others, by imports, by the law; of what the person may see.

Each kind is one query, cut to its newest few, so that a night in which ten thousand assessments were scored
anew costs no more than a quiet one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from riskassess import marks
from riskassess.accounts.models import User
from riskassess.assessments.models import Assessment, Decision, Remark, RiskAppetite, ScoreRun
from riskassess.assessments.scoring import METHOD_VERSION
from riskassess.assessments.states import State
from riskassess.catalog.models import SourcedValue
from riskassess.catalog.showing import label_of, shown
from riskassess.evidence.models import Claim
from riskassess.home.looking import Look, last_look
from riskassess.imports.models import Batch
from riskassess.rules.rulebook import RULEBOOK

MOST = 4  # of a kind on the page
MOST_RUNS = 200  # new scores of which is said whether the decision moved


@dataclass(frozen=True, slots=True)
class News:
    """One thing that changed; `mark` and `note` are what the page prints under it."""

    title: str
    url: str
    note: str
    on: datetime | date
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """The news of one kind, the newest first; `more` says what is not shown."""

    title: str
    news: list[News]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """All news between two moments; kinds without any are left out."""

    since: datetime
    until: datetime
    kinds: list[Kind]


def changed_for(user: User) -> Changed:
    """Ten queries, and what the visibility of seven of them asks first; whatever has happened."""
    until = timezone.now()
    look = last_look(user)
    kinds = (
        _kind("Remarks to me", _remarks(user, look)),
        _kind("Decisions", _decisions(user, look)),
        _scores(user, look),
        _kind("Facts", _facts(user, look)),
        _kind("Claims", _claims(user, look)),
        _kind("Imports", _imports(user, look)),
        _kind("Rules, method and risk appetite", [*_appetites(look), *_law(look, timezone.localdate())]),
    )
    return Changed(look.at, until, [kind for kind in kinds if kind.news or kind.more])


def _kind(title: str, news: Iterable[News]) -> Kind:
    found = list(news)
    return Kind(title, found[:MOST], "and more" if len(found) > MOST else "")


def _remarks(user: User, look: Look) -> Iterator[News]:
    """What others say of the assessments that the person assesses or handed in."""
    mine = Q(assessment__assessor=user) | Q(assessment__submitted_by=user)
    found = Remark.objects.visible_to(user).filter(mine, made_at__gt=look.at).exclude(made_by=user)
    for one in found.select_related("assessment__offering", "made_by").order_by("-made_at")[: MOST + 1]:
        note = f"{one.assessment} · {one.made_by}"
        yield News(one.text, reverse("assessments:answers", args=[one.assessment_id]), note, one.made_at)


def _decisions(user: User, look: Look) -> Iterator[News]:
    """Decisions that others took, and those of anybody under which something has moved."""
    stands = Q(assessment__decision=F("pk"), assessment__state=State.DECIDED.value)
    taken = Q(decided_at__gt=look.at) & ~Q(decided_by=user)
    found = Decision.objects.filter(assessment__in=Assessment.objects.visible_to(user))
    found = found.filter(taken | (stands & Q(stale_since__gt=look.at)))
    for one in found.select_related("assessment__offering", "decided_by").order_by("-pk")[: MOST + 1]:
        moved = one.stale_since is not None and one.stale_since > look.at
        note = one.stale_words if moved else f"by {one.decided_by}"
        on = one.stale_since if moved and one.stale_since else one.decided_at
        mark = marks.mark("conflict", "Stale") if moved else marks.mark(one.outcome)
        yield News(str(one.assessment), one.assessment.get_absolute_url(), note, on, mark)


def _scores(user: User, look: Look) -> Kind:
    """Assessments scored anew: those whose decision is another one by name, the others by number."""
    earlier = ScoreRun.objects.filter(assessment=OuterRef("pk"), created_at__lte=look.at)
    scored = Assessment.objects.visible_to(user).open().filter(current_run__created_at__gt=look.at)
    rows = scored.annotate(before=Subquery(earlier.order_by("-created_at", "-pk").values("decision")[:1]))
    found: list[Any] = list(
        rows.exclude(before=None)
        .order_by("-current_run__created_at")
        .values(
            "pk", "use_case", "offering__name", "before", "current_run__decision", "current_run__created_at"
        )[: MOST_RUNS + 1]
    )
    moved = [one for one in found[:MOST_RUNS] if one["before"] != one["current_run__decision"]]
    others = len(found[:MOST_RUNS]) - len(moved)
    parts = [f"{len(moved) - MOST} more moved"] if len(moved) > MOST else []
    if others:
        parts.append(f"{others} scored anew with the same decision")
    if len(found) > MOST_RUNS:
        parts.append("and older ones")
    return Kind("Computed decisions that moved", [_score(one) for one in moved[:MOST]], "; ".join(parts))


def _score(one: dict[str, Any]) -> News:
    return News(
        f"{one['offering__name']}: {one['use_case']}",
        reverse("reports:decision", args=[one["pk"]]),
        f"was {marks.WORDS[one['before'].lower()].lower()}",
        one["current_run__created_at"],
        marks.mark(one["current_run__decision"]),
    )


def _facts(user: User, look: Look) -> Iterator[News]:
    """Values that somebody typed or quoted; what a sheet brought is news of its import."""
    found = SourcedValue.objects.visible_to(user).filter(
        recorded_at__gt=look.at, via__isnull=True, source__file_sha256=""
    )
    found = found.select_related("vendor", "model", "offering", "source").order_by("-recorded_at")
    for one in found[: MOST + 1]:
        about = one.vendor or one.model or one.offering
        said = one.raw or (shown(one.value) if one.value is not None else one.get_state_display())
        title = f"{about}: {label_of(one.attribute)}"
        yield News(title, about.get_absolute_url() if about else "", f"{said}, by {one.source}", _at(one))


def _claims(user: User, look: Look) -> Iterator[News]:
    found = Claim.objects.visible_to(user).filter(recorded_at__gt=look.at).exclude(kind=Claim.Kind.DISCLOSURE)
    for one in found.select_related("vendor").order_by("-recorded_at")[: MOST + 1]:
        note = f"{one.vendor}, {one.get_verification_display()}"
        yield News(one.title, one.get_absolute_url(), note, _at(one))


def _at(one: SourcedValue | Claim) -> datetime:
    assert one.recorded_at is not None  # noqa: S101 - only those with a later moment are asked for
    return one.recorded_at


def _imports(user: User, look: Look) -> Iterator[News]:
    """What others applied or took back."""
    applied = Q(applied_at__gt=look.at) & ~Q(uploaded_by=user)
    undone = Q(undone_at__gt=look.at) & ~Q(undone_by=user)
    found = Batch.objects.visible_to(user).filter(applied | undone).select_related("uploaded_by", "undone_by")
    for one in found.defer("sheets", "guesses", "mapping")[: MOST + 1]:
        by = one.undone_by if one.undone_at else one.uploaded_by
        counts = ", ".join(
            f"{one.counts[name]:,} {name}" for name in ("new", "updated") if one.counts.get(name)
        )
        note = f"{one.get_state_display().lower()} by {by}{f': {counts}' if counts else ''}"
        on = one.undone_at or one.applied_at or one.uploaded_at
        yield News(str(one), one.get_absolute_url(), note, on)


def _appetites(look: Look) -> Iterator[News]:
    found = RiskAppetite.objects.filter(set_at__gt=look.at).select_related("set_by")
    for one in found[: MOST + 1]:
        note = f"{one.reason} Set by {one.set_by}, in force from {marks.day(one.since)}."
        yield News(str(one), reverse("rules:method"), note, one.set_at)


def _law(look: Look, today: date) -> Iterator[News]:
    """Releases that were put to use since, and rules that became law or ended in between. No query."""
    if look.rules_release not in ("", RULEBOOK.release):
        release = date.fromisoformat(RULEBOOK.release)
        note = f"before: {look.rules_release}"
        yield News(f"Rules of {RULEBOOK.release}", reverse("rules:index"), note, release)
    if look.method_version not in ("", METHOD_VERSION):
        note = f"before: {look.method_version}"
        yield News(f"Method {METHOD_VERSION}", reverse("rules:method"), note, today)
    last = timezone.localdate(look.at)
    for rule in RULEBOOK:
        if rule.since is not None and last < rule.since <= today:
            yield News(f"{rule.id} is law now", marks.rule_url(rule.id), rule.sentence, rule.since)
        if rule.until is not None and last <= rule.until < today:
            yield News(f"{rule.id} is law no more", marks.rule_url(rule.id), rule.sentence, rule.until)
