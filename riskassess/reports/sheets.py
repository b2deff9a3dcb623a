"""The sheets that are read: summary, regulation, evidence, opportunity, questions, facts, read me."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from openpyxl.worksheet.worksheet import Worksheet

from riskassess.reports.parts import EvidenceLine, SourceRef
from riskassess.reports.read_me import READ_ME
from riskassess.reports.shape import ReportContent
from riskassess.reports.styling import (
    BOLD,
    INDENTED,
    QUIET,
    RIGHT,
    WRAP,
    header,
    printable,
    put,
    table,
    widths,
)
from riskassess.sheets.writing import row_height

SOURCE_TITLES = (
    gettext_noop("Source"),
    gettext_noop("File › sheet › cell"),
    gettext_noop("Address"),
    gettext_noop("As of"),
)
ROUTE_TITLES = (
    gettext_noop("No."),
    gettext_noop("Kind"),
    gettext_noop("Settles"),
    gettext_noop("Question"),
    gettext_noop("Proof"),
)
SOURCE_WIDTHS = (44, 34, 44, 14)


def _source(source: SourceRef | None) -> tuple[str, str, str, str]:
    if source is None:
        return _("no source on record"), "", "", ""
    publisher = f"{source.title}, {source.publisher}" if source.publisher else source.title
    return publisher, source.address, source.url, source.as_of


def _standing(one: EvidenceLine) -> str:
    """Whether it still supports anything: nothing does whose source or document is gone."""
    said = [] if one.source else [_("unsupported: no source on record")]
    if one.document and one.document.standing:
        said.append(one.document.standing)
    return "; ".join(said)


def write_summary(sheet: Worksheet, content: ReportContent) -> None:
    """The decision as recorded (values) beside what the formulas give now; then why, and what to ask."""
    header(sheet, ("", gettext_noop("As recorded"), gettext_noop("Live"), gettext_noop("Same")))
    block, totals = content.block, content.totals
    names = ("risk_low", "risk_high", "risk_low_numerator", "risk_high_numerator", "denominator", "decision")
    recorded: tuple[tuple[str, object, str, str], ...] = (
        (_("Risk, low end"), float(block.risk.values[0]), names[0], "0.0"),
        (_("Risk, high end"), float(block.risk.values[1]), names[1], "0.0"),
        (_("Risk numerator, low end"), totals.risk[0], names[2], "0"),
        (_("Risk numerator, high end"), totals.risk[1], names[3], "0"),
        (_("Denominator"), totals.denominator, names[4], "0"),
        (_("Decision"), block.decision.code, names[5], "General"),
    )
    for row, (label, value, name, number_format) in enumerate(recorded, 2):
        sheet[f"A{row}"], sheet[f"B{row}"], sheet[f"C{row}"] = label, value, f"={name}"  # type: ignore[assignment]
        sheet[f"D{row}"] = f'=IF(B{row}=C{row},"{_("same")}","{_("changed")}")'
        sheet[f"D{row}"].alignment = INDENTED
        for column in "BC":
            sheet[f"{column}{row}"].alignment = RIGHT
        sheet[f"B{row}"].number_format = sheet[f"C{row}"].number_format = number_format
    sheet["B7"].font = sheet["C7"].font = BOLD
    put(
        sheet,
        "A9",
        _("The live column follows every change on the sheet Assessment; the recorded one never moves."),
    )
    sheet["A9"].font = QUIET
    for row, (label, shown) in enumerate(
        (
            (_("Opportunity, low end"), block.opportunity.values[0]),
            (_("Opportunity, high end"), block.opportunity.values[1]),
        ),
        11,
    ):
        sheet[f"A{row}"], sheet[f"B{row}"] = label, float(shown)
        sheet[f"B{row}"].number_format = "0.0"
    for row, (label, text) in enumerate(_summary_lines(content), 14):
        put(sheet, f"A{row}", label, WRAP)
        put(sheet, f"B{row}", text, WRAP)
        sheet.merge_cells(f"B{row}:D{row}")
        sheet.row_dimensions[row].height = row_height(-(-len(text) // 78))
    widths(sheet, {"A": 30, "B": 26, "C": 26, "D": 26})
    printable(sheet)
    sheet.freeze_panes = "B2"


def _summary_lines(content: ReportContent) -> list[tuple[str, str]]:
    block, top = content.block, content.header
    lines = [
        (_("Offering"), top.offering),
        (_("Use"), f"{top.use_case}. {top.description}".strip()),
        (_("Unit"), top.unit),
        (_("As of"), top.as_of),
        (_("Computed decision"), f"{block.decision.word}. {block.because}"),
        (_("Gates"), block.gates),
        (_("Coverage"), block.coverage),
        (_("Lines"), block.lines),
        (_("Business case"), block.business_case),
        *((_("Error in the data"), error) for error in block.errors),
    ]
    for number, reason in enumerate(content.reasons, 1):
        source = (
            reason.evidence.source.text
            if reason.evidence and reason.evidence.source
            else _("no source on record")
        )
        lines.append(
            (
                _("Reason %(number)s") % {"number": number},
                f"{reason.title} {reason.detail} [{reason.rule}; {source}]",
            )
        )
    lines.append((content.route.title, " ".join((content.route.sentence, *content.route.blockers))))
    if content.decided:
        who = _("%(decision)s, by %(person)s on %(day)s.") % {
            "decision": content.decided.outcome.word,
            "person": content.decided.by,
            "day": content.decided.on,
        }
        conditions = "; ".join(condition.words for condition in content.decided.conditions)
        until = (
            _("Valid until %(day)s.") % {"day": content.decided.valid_until}
            if content.decided.valid_until
            else ""
        )
        lines.append(
            (
                _("Decided"),
                " ".join(
                    part
                    for part in (who, content.decided.reason, conditions, content.decided.accepted, until)
                    if part
                ),
            )
        )
    lines += [
        (
            _("Method and rules"),
            _("%(method)s, rules %(rules)s") % {"method": top.method, "rules": top.rules},
        ),
        (_("Result"), top.result_id),
        (_("Please note"), f"{content.disclaimer} {content.judgement}"),
    ]
    return lines


def write_regulation(sheet: Worksheet, content: ReportContent) -> None:
    """One row a rule and regime, the raised ones first within each regime."""
    rows = [
        (
            regime.title,
            regime.authority,
            regime.low,
            regime.high,
            finding.id,
            _(finding.outcome),
            finding.severity,
            f"{finding.sentence} {finding.reason}".strip(),
            "\n".join(citation.text for citation in finding.citations),
            "\n".join(citation.url for citation in finding.citations if citation.url),
            "\n".join(f"{fact.question} {fact.value}" for fact in finding.facts),
            "\n".join(text for text, _ in finding.asks),
            finding.gate,
        )
        for regime in content.regimes
        for finding in regime.findings
    ]
    titles = (
        gettext_noop("Regime"),
        gettext_noop("Authority"),
        gettext_noop("Low"),
        gettext_noop("High"),
        gettext_noop("Rule"),
        gettext_noop("Outcome"),
        gettext_noop("Severity"),
        gettext_noop("What it says"),
        gettext_noop("Law"),
        gettext_noop("Address"),
        gettext_noop("Facts read"),
        gettext_noop("Questions that settle it"),
        gettext_noop("Gate"),
    )
    table(sheet, titles, rows, (24, 20, 7, 7, 9, 14, 10, 60, 44, 44, 50, 50, 8), printed=9)


def write_evidence(sheet: Worksheet, content: ReportContent) -> None:
    """Every piece of evidence under its factor; then the vendor's claims with each of their sources."""
    rows: list[tuple[str | int | None, ...]] = [
        (
            line.key,
            line.name,
            one.kind,
            one.title,
            one.quote,
            one.level,
            one.grade,
            line.tier,
            one.interest,
            "; ".join(
                part
                for part in (one.rule, one.aged, one.disputed and f"{_('disputed')}: {one.disputed}")
                if part
            ),
            *_source(one.source),
            one.document.sha256 if one.document else "",
            _standing(one),
        )
        for line in (*content.factors, *content.opportunity_factors)
        for one in line.evidence
    ]
    for claim in content.claims:
        for link in claim.sources or (None,):
            quote = link.quote if link else ""
            said = f"{claim.title}: {claim.statement}"
            rows.append(
                (
                    _("claim"),
                    claim.decides or _("sets nothing"),
                    link.relation if link else "",
                    said,
                    quote,
                    "",
                    f"{claim.substantiation}; {_('verification')} {claim.verification}",
                    None,
                    claim.interest,
                    "",
                    *_source(link.source if link else None),
                    "",
                    "",
                )
            )
    titles = (
        gettext_noop("Factor"),
        gettext_noop("Name"),
        gettext_noop("Kind"),
        gettext_noop("What it says"),
        gettext_noop("In its own words"),
        gettext_noop("Level"),
        gettext_noop("Grade"),
        gettext_noop("Tier"),
        gettext_noop("Interest"),
        gettext_noop("By rule"),
        *SOURCE_TITLES,
        gettext_noop("Document's SHA-256"),
        gettext_noop("How it stands"),
    )
    wide = (11, 28, 12, 40, 50, 8, 22, 7, 24, 34, *SOURCE_WIDTHS, 66, 34)
    table(sheet, titles, rows, wide, printed=11)


def write_opportunity(sheet: Worksheet, content: ReportContent) -> None:
    rows = [
        (
            line.key,
            line.name,
            line.weight_text,
            line.klass,
            line.level,
            line.tier,
            f"{line.state_words}, {_('unsupported')}" if line.unsupported else line.state_words,
            line.anchor_text,
        )
        for line in content.opportunity_factors
    ]
    titles = (
        gettext_noop("Factor"),
        gettext_noop("Name"),
        gettext_noop("Weight"),
        gettext_noop("Class"),
        gettext_noop("Level, 100 is best"),
        gettext_noop("Tier"),
        gettext_noop("State"),
        gettext_noop("Anchor"),
    )
    table(sheet, titles, rows, (12, 30, 10, 8, 18, 8, 18, 60))


def write_questions(sheet: Worksheet, content: ReportContent) -> None:
    """The shortest route first, in its order; then what is open about the claims; then what conflicts."""
    rows: list[tuple[str | int | None, ...]] = []
    for ask in content.route.asks:
        rows.append((ask.number, _("route"), ask.key, ask.text, ask.proof))
        rows += [(ask.number, _("route"), ask.key, text, proof) for text, proof in ask.more]
    rows += [(None, _("on record"), one.decides, one.text, "") for one in content.questions]
    rows += [
        (None, _("sources disagree"), one.attribute, " / ".join(one.values), "") for one in content.conflicts
    ]
    rows += [
        (None, _("unanswered"), line.key, line.question, line.proof)
        for line in content.factors
        if line.counts and line.state in ("unknown", "declined") and not line.asked
    ]
    table(sheet, ROUTE_TITLES, rows, (7, 18, 18, 80, 50))


def write_facts(sheet: Worksheet, content: ReportContent) -> None:
    """Every fact that went in, down to the spreadsheet cell it came from."""
    rows = [
        (
            fact.name,
            fact.question,
            _(fact.state.replace("_", " ")),
            fact.value,
            fact.by,
            fact.note,
            _("catalog says otherwise") if fact.disputed else "",
            *_source(fact.source),
            "\n".join(f"{one.name} {one.sha256} {one.standing}".strip() for one in fact.documents),
        )
        for fact in content.facts
    ]
    titles = (
        gettext_noop("Fact"),
        gettext_noop("Question"),
        gettext_noop("State"),
        gettext_noop("Value"),
        gettext_noop("Said by"),
        gettext_noop("Note"),
        gettext_noop("Dispute"),
        *SOURCE_TITLES,
        gettext_noop("Documents"),
    )
    table(sheet, titles, rows, (26, 50, 16, 30, 20, 30, 22, *SOURCE_WIDTHS, 60))


def write_read_me(sheet: Worksheet, content: ReportContent) -> None:
    """What is where, what may be changed, and the words used."""
    lines = (
        *((_(term), _(text)) for term, text in READ_ME),
        *content.glossary,
        (_("Result"), content.header.result_id),
        (_("Please note"), f"{content.disclaimer} {content.judgement}"),
    )
    for row, (term, text) in enumerate(lines, 1):
        put(sheet, f"A{row}", term, WRAP)
        put(sheet, f"B{row}", text, WRAP)
        sheet[f"A{row}"].font = BOLD
        sheet.row_dimensions[row].height = row_height(-(-len(text) // 95))
    widths(sheet, {"A": 28, "B": 100})
    printable(sheet)
