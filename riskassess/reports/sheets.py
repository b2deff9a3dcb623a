"""The sheets that are read: summary, regulation, evidence, opportunity, questions, facts, read me."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from riskassess.reports.parts import EvidenceLine, SourceRef
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

SOURCE_TITLES = ("Source", "File › sheet › cell", "Address", "As of")
SOURCE_WIDTHS = (44, 34, 44, 14)
_READ_ME = """
Read me: What is where, what may be changed, and the words used.
Summary: The decision as recorded, beside what the formulas give after your changes.
Assessment: The method as formulas. Change weight, level, tier or interest in the yellow cells, or clear a level: an empty one is unknown, so its interval is everything from 0 to 10,000.
Tornado: What one answer alone moves, computed and sorted from what stands on the sheet Assessment.
Grey cells: Values, not formulas: set by a regulatory rule, several pieces of evidence, a range as answer, or a refusal to answer. Column H says which. They follow no change of level.
Gates: T true, F false, U unknown. An unknown gate imposes at most escalate. Gates that answers settle follow them; the yellow ones are typed.
Exposure: Follows from the profile of the use, which is not changed here.
Protection: All but the yellow cells is protected, without a password.
Method: How wide an interval a tier leaves; thresholds; every question with its five anchors.
Integers: Numerators are whole numbers below 2^53, so a spreadsheet holds them exactly; they are the same in page, PDF and JSON.
"""  # noqa: E501 - one line a term
READ_ME = tuple(
    (term, text) for term, text in (line.split(": ", 1) for line in _READ_ME.strip().splitlines())
)


def _source(source: SourceRef | None) -> tuple[str, str, str, str]:
    if source is None:
        return "no source on record", "", "", ""
    publisher = f"{source.title}, {source.publisher}" if source.publisher else source.title
    return publisher, source.address, source.url, source.as_of


def _standing(one: EvidenceLine) -> str:
    """Whether it still supports anything: nothing does whose source or document is gone."""
    said = [] if one.source else ["unsupported: no source on record"]
    if one.document and one.document.standing:
        said.append(one.document.standing)
    return "; ".join(said)


def write_summary(sheet: Worksheet, content: ReportContent) -> None:
    """The decision as recorded (values) beside what the formulas give now; then why, and what to ask."""
    header(sheet, ("", "As recorded", "Live", "Same"))
    block, totals = content.block, content.totals
    names = ("risk_low", "risk_high", "risk_low_numerator", "risk_high_numerator", "denominator", "decision")
    recorded: tuple[tuple[str, object, str, str], ...] = (
        ("Risk, low end", float(block.risk.shown_low), names[0], "0.0"),
        ("Risk, high end", float(block.risk.shown_high), names[1], "0.0"),
        ("Risk numerator, low end", totals.risk[0], names[2], "0"),
        ("Risk numerator, high end", totals.risk[1], names[3], "0"),
        ("Denominator", totals.denominator, names[4], "0"),
        ("Decision", block.decision.code, names[5], "General"),
    )
    for row, (label, value, name, number_format) in enumerate(recorded, 2):
        sheet[f"A{row}"], sheet[f"B{row}"], sheet[f"C{row}"] = label, value, f"={name}"  # type: ignore[assignment]
        sheet[f"D{row}"] = f'=IF(B{row}=C{row},"same","changed")'
        sheet[f"D{row}"].alignment = INDENTED
        for column in "BC":
            sheet[f"{column}{row}"].alignment = RIGHT
        sheet[f"B{row}"].number_format = sheet[f"C{row}"].number_format = number_format
    sheet["B7"].font = sheet["C7"].font = BOLD
    put(
        sheet,
        "A9",
        "The live column follows every change on the sheet Assessment; the recorded one never moves.",
    )
    sheet["A9"].font = QUIET
    for row, (label, shown) in enumerate(
        (
            ("Opportunity, low end", block.opportunity.shown_low),
            ("Opportunity, high end", block.opportunity.shown_high),
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
        ("Offering", top.offering),
        ("Use", f"{top.use_case}. {top.description}".strip()),
        ("Unit", top.unit),
        ("As of", top.as_of),
        ("Computed decision", f"{block.decision.word}. {block.because}"),
        ("Gates", block.gates),
        ("Coverage", block.coverage),
        ("Lines", block.lines),
        ("Business case", block.business_case),
        *(("Error in the data", error) for error in block.errors),
    ]
    for number, reason in enumerate(content.reasons, 1):
        source = (
            reason.evidence.source.text
            if reason.evidence and reason.evidence.source
            else "no source on record"
        )
        lines.append((f"Reason {number}", f"{reason.title} {reason.detail} [{reason.rule}; {source}]"))
    lines.append((content.route.title, " ".join((content.route.sentence, *content.route.blockers))))
    if content.decided:
        who = f"{content.decided.outcome.word}, by {content.decided.by} on {content.decided.on}."
        conditions = "; ".join(condition.words for condition in content.decided.conditions)
        until = f"Valid until {content.decided.valid_until}." if content.decided.valid_until else ""
        lines.append(
            (
                "Decided",
                " ".join(
                    part
                    for part in (who, content.decided.reason, conditions, content.decided.accepted, until)
                    if part
                ),
            )
        )
    lines += [
        ("Method and rules", f"{top.method}, rules {top.rules}"),
        ("Result", top.result_id),
        ("Please note", f"{content.disclaimer} {content.judgement}"),
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
            finding.outcome,
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
        "Regime",
        "Authority",
        "Low",
        "High",
        "Rule",
        "Outcome",
        "Severity",
        "What it says",
        "Law",
        "Address",
        "Facts read",
        "Questions that settle it",
        "Gate",
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
                part for part in (one.rule, one.aged, one.disputed and f"disputed: {one.disputed}") if part
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
                    "claim",
                    claim.decides or "sets nothing",
                    link.relation if link else "",
                    said,
                    quote,
                    "",
                    f"{claim.substantiation}; verification {claim.verification}",
                    None,
                    claim.interest,
                    "",
                    *_source(link.source if link else None),
                    "",
                    "",
                )
            )
    titles = (
        "Factor",
        "Name",
        "Kind",
        "What it says",
        "In its own words",
        "Level",
        "Grade",
        "Tier",
        "Interest",
        "By rule",
        *SOURCE_TITLES,
        "Document's SHA-256",
        "How it stands",
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
            f"{line.state_words}, unsupported" if line.unsupported else line.state_words,
            line.anchor_text,
        )
        for line in content.opportunity_factors
    ]
    titles = ("Factor", "Name", "Weight", "Class", "Level, 100 is best", "Tier", "State", "Anchor")
    table(sheet, titles, rows, (12, 30, 10, 8, 18, 8, 18, 60))


def write_questions(sheet: Worksheet, content: ReportContent) -> None:
    """The shortest route first, in its order; then what is open about the claims; then what conflicts."""
    rows: list[tuple[str | int | None, ...]] = []
    for ask in content.route.asks:
        rows.append((ask.number, "route", ask.key, ask.text, ask.proof))
        rows += [(ask.number, "route", ask.key, text, proof) for text, proof in ask.more]
    rows += [(None, "on record", one.decides, one.text, "") for one in content.questions]
    rows += [
        (None, "sources disagree", one.attribute, " / ".join(one.values), "") for one in content.conflicts
    ]
    rows += [
        (None, "unanswered", line.key, line.question, line.proof)
        for line in content.factors
        if line.counts and line.state in ("unknown", "declined") and not line.asked
    ]
    table(sheet, ("No.", "Kind", "Settles", "Question", "Proof"), rows, (7, 18, 18, 80, 50))


def write_facts(sheet: Worksheet, content: ReportContent) -> None:
    """Every fact that went in, down to the spreadsheet cell it came from."""
    rows = [
        (
            fact.name,
            fact.question,
            fact.state,
            fact.value,
            fact.by,
            fact.note,
            "catalog says otherwise" if fact.disputed else "",
            *_source(fact.source),
            "\n".join(f"{one.name} {one.sha256} {one.standing}".strip() for one in fact.documents),
        )
        for fact in content.facts
    ]
    titles = ("Fact", "Question", "State", "Value", "Said by", "Note", "Dispute", *SOURCE_TITLES, "Documents")
    table(sheet, titles, rows, (26, 50, 16, 30, 20, 30, 22, *SOURCE_WIDTHS, 60))


def write_read_me(sheet: Worksheet, content: ReportContent) -> None:
    """What is where, what may be changed, and the words used."""
    lines = (
        *READ_ME,
        *content.glossary,
        ("Result", content.header.result_id),
        ("Please note", f"{content.disclaimer} {content.judgement}"),
    )
    for row, (term, text) in enumerate(lines, 1):
        put(sheet, f"A{row}", term, WRAP)
        put(sheet, f"B{row}", text, WRAP)
        sheet[f"A{row}"].font = BOLD
        sheet.row_dimensions[row].height = row_height(-(-len(text) // 95))
    widths(sheet, {"A": 28, "B": 100})
    printable(sheet)
