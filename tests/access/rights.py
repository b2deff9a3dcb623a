"""Which roles may make each call that changes something, and the smallest body that would do for one who may.

Written by hand, from what each role is for; the product's own table of rights is not asked.
"""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.access.walk import Sent
from tests.evidence.papers import PDF
from tests.imports.sheets import ONE, as_csv

ASSESSES = frozenset({"assessor"})
ANSWERS = frozenset({"requester", "assessor"})
DECIDES = frozenset({"approver"})
TAKES_PART = ANSWERS | DECIDES
IMPORTS = frozenset({"assessor", "catalog_manager", "administrator"})
CORRECTS = frozenset({"catalog_manager", "administrator"})
SETS_THE_LINES = frozenset({"administrator"})
READS = frozenset({"requester", "assessor", "approver", "catalog_manager", "auditor", "administrator"})
NOBODY: frozenset[str] = frozenset()

ONE_OF_THEM = "assessments/<int:pk>/"
API_OF_THEM = "api/v1/^assessments/(?P<pk>[^/.]+)/"

# The first that a route begins with counts. What is only read (a report is a way to read) is every role's.
RIGHTS: tuple[tuple[str, frozenset[str]], ...] = (
    (f"{ONE_OF_THEM}decide/", DECIDES),
    (f"{ONE_OF_THEM}return/", DECIDES),
    (f"{ONE_OF_THEM}conditions/", ASSESSES | DECIDES),
    (f"{ONE_OF_THEM}ask/", ASSESSES),
    (f"{ONE_OF_THEM}told/", ASSESSES),
    ("assessments/start/", ANSWERS),
    (f"{ONE_OF_THEM}answers/", ANSWERS),
    (f"{ONE_OF_THEM}documents/", ANSWERS),
    (f"{ONE_OF_THEM}comments/", TAKES_PART),
    ("assessments/^(?P<pk>[0-9]+)/comments/", TAKES_PART),
    (f"{ONE_OF_THEM}controls/", ANSWERS),
    (ONE_OF_THEM, ASSESSES),  # submit, resolve, score, reassess, withdraw
    ("imports/", IMPORTS),
    ("inquiries/", ASSESSES),
    ("method/appetite/", SETS_THE_LINES),
    ("documents/<int:pk>/remove/", ASSESSES),
    ("documents/", ANSWERS),
    ("claims/", ANSWERS),
    ("vendors/<slug:slug>/correct/", CORRECTS),
    ("models/<slug:slug>/correct/", CORRECTS),
    ("offerings/<slug:slug>/correct/", CORRECTS),
    ("regions/<int:pk>/correct/", CORRECTS),
    ("sources/<int:pk>/correct/", CORRECTS),
    ("vendors/", ANSWERS),
    ("webhooks/", SETS_THE_LINES),
    ("people/", SETS_THE_LINES),
    ("invited/", NOBODY),  # behind a link of one's own
    ("question-sets/add/<int:batch>/", NOBODY),  # of an import that is past its columns
    ("question-sets/add/", IMPORTS),
    ("question-sets/<int:pk>/", NOBODY),  # there is none yet
    ("runs/<int:pk>/ask/", ASSESSES),
    ("runs/", READS),
    ("compare/", READS),
    ("portfolio/", READS),
    ("seen/", READS),
    ("theme/", READS),
    ("api/v1/^assessments/$", ANSWERS),
    ("api/v1/^assessments/rescore/$", ASSESSES),
    (f"{API_OF_THEM}answers/", ANSWERS),
    (f"{API_OF_THEM}comments/", TAKES_PART),
    (f"{API_OF_THEM}conditions/", ASSESSES | DECIDES),
    (f"{API_OF_THEM}decide/", DECIDES),
    (f"{API_OF_THEM}return/", DECIDES),
    (f"{API_OF_THEM}take/", DECIDES),
    (f"{API_OF_THEM}documents/", ANSWERS),
    (f"{API_OF_THEM}mitigations/", ANSWERS),
    (API_OF_THEM, ASSESSES),  # submit, resolve, score, reassess, reopen, withdraw
    ("api/v1/^documents/(?P<pk>[^/.]+)/remove/", ASSESSES),
    ("api/v1/^documents/", ANSWERS),
    ("api/v1/^reports/", READS),
    ("api/v1/^combined-reports/", READS),
    ("api/v1/^inquiries/", ASSESSES),
    ("api/v1/^imports/", IMPORTS),
    ("api/v1/^question-sets/$", IMPORTS),
    ("api/v1/^question-sets/", NOBODY),  # there is none yet
    ("jobs/", NOBODY),  # who asked for a job cancels it, and nobody else
    ("api/v1/^webhooks/", SETS_THE_LINES),
    ("api/v1/^jobs/", NOBODY),  # who asked for a job cancels it, and nobody else
)


def who_may(call: str) -> frozenset[str]:
    """The roles that may make a call. KeyError for one that nobody has thought about: add it to `RIGHTS`."""
    route = call.split(" ", 1)[1]
    for start, roles in RIGHTS:
        if route.startswith(start):
            return roles
    raise KeyError(f"{call}: say in rights.py who may")


def bodies(filled: dict[str, Any]) -> dict[str, Sent]:
    """By method and route, what is sent: as little as reaches the rule that asks for the right."""
    unit, offering = filled["units.pk"], filled["offerings.slug"]
    control = {
        "title": "A",
        "factors": ["DAT-TRN"],
        "effectiveness": 40,
        "because": "B",
        "status": "proposed",
    }
    start = {"offering": offering, "unit": unit, "use_case": "Drafting"}
    attached = {"unit": unit, "counts_as": "audit", "relation": "supports"}
    sheet = {"unit": unit, "stated_on": "2026-11-24", "source_kind": "analyst"}
    pdf = lambda: SimpleUploadedFile("a.pdf", PDF)  # noqa: E731
    pages: dict[str, Sent] = {
        f"{ONE_OF_THEM}conditions/<int:condition>/met/": {"note": "Clause 7"},
        f"{ONE_OF_THEM}answers/<str:key>/": {"pick": "unknown"},
        f"{ONE_OF_THEM}answers/<str:key>/documents/": {"document": filled["documents.pk"]},
        f"{ONE_OF_THEM}comments/": {"text": "Hm."},
        f"{ONE_OF_THEM}controls/": control,
        f"{ONE_OF_THEM}controls/<slug:key>/": control,
        "assessments/start/": start,
        "imports/<int:pk>/columns/": {"stated_on": "2026-11-24"},
        "imports/<int:pk>/sheet/": {"sheet": filled["imports.sheet"]},
        "imports/<int:pk>/rows/<int:number>/decide/": {"as": "skip"},
        "imports/upload/": {**sheet, "file": SimpleUploadedFile("list.csv", as_csv(ONE))},
        "inquiries/<int:pk>/review/": {"then": "accept_all"},
        "inquiries/<int:pk>/extend/": {"days": 14},
        "documents/<int:pk>/": {"counts_as": "audit"},
        "documents/<int:pk>/remove/": {"because": "Old."},
        "vendors/<slug:slug>/documents/": {**attached, "file": pdf()},
        "claims/<slug:key>/documents/": {**attached, "file": pdf()},
        "people/<int:pk>/roles/": {"unit": unit, "role": "approver"},
        "people/<int:pk>/correct/": {"name": "Ada Poe", "email": "ada@example.com"},
        "people/units/new/": {"name": "Legal"},
        "people/invitations/new/": {"email": "noor@example.com", "unit": unit, "role": "assessor"},
        "people/units/<int:unit>/rename/": {"name": "Buying"},
        "runs/<int:pk>/report/": {"format": "pdf"},
        "compare/report/": {"run": filled["runs.pk"], "format": "pdf"},
        "portfolio/report/": {"format": "pdf"},
        "portfolio/archive/": {"run": filled["runs.pk"], "format": "pdf"},
    }
    api: dict[str, Sent] = {
        "POST ^assessments/$": start,
        "POST ^assessments/rescore/$": {"unit": unit},
        f"PUT {API_OF_THEM}answers/$": {"question": "profile.D", "state": "known", "value": 1},
        f"POST {API_OF_THEM}comments/$": {"text": "Hm."},
        f"POST {API_OF_THEM}conditions/(?P<condition>[0-9]+)/met/$": {"note": "Clause 7"},
        f"POST {API_OF_THEM}decide/$": {"outcome": "REJECT", "reason": "No."},
        f"POST {API_OF_THEM}documents/$": {"question": "DAT-TRN", "document": filled["documents.pk"]},
        f"POST {API_OF_THEM}return/$": {"remarks": [{"text": "Say more."}]},
        f"POST {API_OF_THEM}mitigations/$": control,
        "POST ^documents/$": {"unit": unit, "file": pdf()},
        "PUT ^documents/(?P<pk>[^/.]+)/describe/$": {"counts_as": "audit"},
        "POST ^documents/(?P<pk>[^/.]+)/claims/$": {"claim": filled["claims.key"]},
        "POST ^documents/(?P<pk>[^/.]+)/remove/$": {"because": "Old."},
        "POST ^reports/$": {"run": filled["runs.pk"], "format": "pdf"},
        "POST ^inquiries/$": {"assessment": filled["assessments.pk"], "contact_name": "Gita Rao"},
        "POST ^inquiries/(?P<pk>[^/.]+)/extend/$": {"days": 7},
        "POST ^inquiries/(?P<pk>[^/.]+)/review/$": {"verdicts": []},
        "POST ^inquiries/(?P<pk>[^/.]+)/workbook/$": {"file": SimpleUploadedFile("a.xlsx", b"PK")},
        "POST ^combined-reports/$": {"kind": "batch", "runs": [filled["runs.pk"]], "reports": ["pdf"]},
        "POST ^imports/$": {**sheet, "file": SimpleUploadedFile("list.csv", as_csv(ONE))},
        "POST ^webhooks/$": {
            "unit": unit,
            "name": "Tickets",
            "url": "https://example.com/",
            "events": ["decision.made"],
        },
        "PUT ^imports/(?P<pk>[^/.]+)/columns/$": {"columns": {}},
        "PUT ^imports/(?P<pk>[^/.]+)/sheet/$": {"sheet": filled["imports.sheet"]},
    }
    posted = {f"POST {route}": sent for route, sent in pages.items()}
    called = {
        call if "api/" in call else call.replace(" ", " api/v1/", 1): sent for call, sent in api.items()
    }
    return posted | called
