"""The languages that a report can be in. The site, the API and the run's record stay in English.

What is translated are the report's own words (`locale/`); what comes from the record, such as the text of rules, laws,
questions and sources, stays as it was recorded, and the report says so.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.conf import settings
from django.utils.translation import gettext_noop, override

from riskassess.kernel.errors import InvalidInput

ENGLISH = "en"


def language_of(asked: str | None) -> str:
    """The language asked for; the installation's own where nobody asks. Raises InvalidInput for one we do not have."""
    if not asked:
        return str(settings.REPORT_LANGUAGE)
    if asked not in settings.REPORT_LANGUAGES:
        raise InvalidInput(
            f"There are no reports in “{asked}”.",
            hint=f"Use {' or '.join(settings.REPORT_LANGUAGES)}.",
            where="language",
        )
    return asked


def written_in(language: str) -> AbstractContextManager[None]:
    """What is read and drawn inside is in that language: words, decimal marks, days."""
    return override(language)


# Words that the method, the gates and the record bring, and that a report prints: said here for the translators.
WORDS = (
    *(gettext_noop("Approve"), gettext_noop("Conditional"), gettext_noop("Escalate"), gettext_noop("Reject")),
    *(gettext_noop("approve"), gettext_noop("conditional"), gettext_noop("escalate"), gettext_noop("reject")),
    *(gettext_noop("Low"), gettext_noop("Moderate"), gettext_noop("High"), gettext_noop("Severe")),
    *(gettext_noop("none"), gettext_noop("low"), gettext_noop("moderate"), gettext_noop("high")),
    *(gettext_noop("critical"), gettext_noop("Case absent"), gettext_noop("Case proven")),
    *(gettext_noop("Proven"), gettext_noop("Plausible"), gettext_noop("Absent")),
    *(
        gettext_noop("proven"),
        gettext_noop("plausible, not proven"),
        gettext_noop("absent: at best too little"),
    ),
    *(gettext_noop("open"), gettext_noop("not settled"), gettext_noop("closed")),
    *(gettext_noop("raised"), gettext_noop("undetermined"), gettext_noop("clear")),
    *(gettext_noop("in scope"), gettext_noop("out of scope"), gettext_noop("scope not settled")),
    *(gettext_noop("low end"), gettext_noop("high end"), gettext_noop("both ends")),
    *(
        gettext_noop("Proposed"),
        gettext_noop("Committed"),
        gettext_noop("Implemented"),
        gettext_noop("Verified"),
    ),
    *(gettext_noop("Inherent"), gettext_noop("Current"), gettext_noop("Target")),
    gettext_noop("without any control"),
    gettext_noop("each control as far as its status is proven"),
    gettext_noop("every control in place and verified"),
    *(
        gettext_noop("Data sensitivity"),
        gettext_noop("Impact of a wrong output"),
        gettext_noop("Autonomy and tools"),
    ),
    *(gettext_noop("Business criticality"), gettext_noop("Spread of outputs")),
    *(gettext_noop("European Union"), gettext_noop("United Kingdom"), gettext_noop("United States")),
    *(
        gettext_noop("Health"),
        gettext_noop("Finance"),
        gettext_noop("Residency mandate"),
        gettext_noop("Production"),
    ),
    *(gettext_noop("Yes"), gettext_noop("No"), gettext_noop("known"), gettext_noop("unknown")),
    *(gettext_noop("declined to say"), gettext_noop("does not apply")),
    *(
        gettext_noop("gains from a good rating"),
        gettext_noop("gains from a bad rating"),
        gettext_noop("neutral"),
    ),
    *(gettext_noop("states it"), gettext_noop("supports it"), gettext_noop("contradicts it")),
    *(gettext_noop("answered here"), gettext_noop("catalog"), gettext_noop("follows from records")),
    *(gettext_noop("nobody"), gettext_noop("any country"), gettext_noop("EU and EEA")),
    gettext_noop("generally available"),
    *(gettext_noop("Processed in"), gettext_noop("where the model runs"), gettext_noop("Stored in")),
    *(
        gettext_noop("where data is at rest"),
        gettext_noop("Seen from"),
        gettext_noop("support and abuse review"),
    ),
    *(gettext_noop("Developer"), gettext_noop("Seller"), gettext_noop("Contracting entity")),
    *(gettext_noop("Model operator"), gettext_noop("Infrastructure operator"), gettext_noop("Host")),
    *(gettext_noop("verified"), gettext_noop("secondary source"), gettext_noop("unchecked")),
    gettext_noop("Decision support, not legal advice."),
    # what stands inside longer texts, where the tool that gathers words does not look
    *(
        gettext_noop("Not settled"),
        gettext_noop("disputed"),
        gettext_noop("verification"),
        gettext_noop("unsupported"),
    ),
    *(gettext_noop("The points ask for nothing more."), gettext_noop("Please show that this is not so")),
    *(gettext_noop("unsupported, no source on record"), gettext_noop("same"), gettext_noop("changed")),
)
