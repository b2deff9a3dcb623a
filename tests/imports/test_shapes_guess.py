"""The shape of a sheet nobody has seen before: from its headings and cells, never from its name."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest

from riskassess.imports.understanding import understood
from riskassess.sheets.workbook import open_workbook

Rows = Sequence[Sequence[str]]

UNSEEN: list[tuple[str, Rows, dict[str, str]]] = [
    ("answers", [("Question ID", "Question", "CSP CAIQ Answer", "CSP Implementation Description", "CCM Control Title"),
                 ("A-01", "Is there a policy?", "Yes", "We have one", "Audit"),
                 ("A-02", "Is it reviewed?", "No", "", "Audit"), ("A-03", "By whom?", "NA", "", "Audit")],
     {"B": "question", "C": "answer"}),
    ("answers", [("Ser No", "Question/Request", "Response", "Additional Information", "Category"),
                 ("A.1", "Do you encrypt?", "Yes", "AES", "Crypto"), ("A.2", "Do you log?", "No", "", "Logs"),
                 ("A.3", "Do you test?", "Yes", "", "Logs")],
     {"B": "question", "C": "answer"}),
    ("questions", [("No.", "Control question", "Guidance", "Answer type", "Response"),
                   ("1", "Do you encrypt?", "Describe", "Yes/No", ""), ("2", "Do you log?", "How", "Yes/No", "")],
     {}),
    ("register", [("Licence No.", "Device Name", "Company Name", "Issue Date", "Device Class"),
                  ("1234", "AI Scan", "Acme Inc.", "2024-01-02", "III")],
     {"A": "number", "B": "device", "C": "company"}),
    ("regions", [("Code", "Name", "Opt-in Status"), ("us-east-1", "US East (N. Virginia)", "Not required"),
                 ("af-south-1", "Africa (Cape Town)", "Required")],
     {"A": "region_code", "B": "display_name"}),
    ("regions", [("Region name", "Region code", "Geography"), ("Europe (Paris)", "eu-west-3", "France")],
     {"A": "display_name", "B": "region_code", "C": "country"}),
    ("vendors", [("Supplier ID", "Supplier Name", "Country", "Category", "Owner", "Website"),
                 ("S1", "Acme GmbH", "Germany", "AI", "Jane", "https://a.example")],
     {"B": "name", "C": "country"}),
    ("prices", [("Model", "Effective from", "Input price (USD per 1M tokens)", "Output price (USD per 1M tokens)"),
                ("Swift", "2025-01-01", "3", "9"), ("Swift", "2026-01-01", "2", "8")],
     {"B": "effective_date", "C": "input_price"}),
    ("facts", [("Entity", "Property", "Value", "Unit", "Date", "Source URL", "Remarks"),
               ("Swift", "context window", "128k", "tokens", "2026-01-01", "https://a.example", "")],
     {"A": "subject", "B": "attribute", "F": "source"}),
    ("facts", [("Model", "Attribute", "Value"), ("Swift", "open weights", "yes"), ("Slow", "open weights", "no"),
               ("Gnat", "open weights", "no")],
     {"A": "subject", "C": "value"}),
    ("matrix", [("Provider", "Model name", "us-east-1", "us-west-2", "eu-central-1"),
                ("Acme", "Swift", "Yes", "Yes", "No"), ("Acme", "Slow", "Yes*", "-", "")],
     {"A": "vendor", "B": "model_name", "C": "mark", "E": "mark"}),
    ("uses", [("Department", "Tool", "Vendor", "Purpose", "Number of users", "In production"),
              ("HR", "ChatGPT", "OpenAI", "Drafting", "120", "Yes"),
              ("IT", "Copilot", "Microsoft", "Code", "50", "No")],
     {"A": "organisation", "B": "product"}),
    ("retirement", [("Model", "Deprecation date", "Shutdown date", "Recommended replacement"),
                    ("a-1", "2024-01-04", "2024-06-01", "a-2"), ("b-1", "2023-07-06", "2024-01-04", "b-2 or b-3")],
     {"C": "retirement_date", "D": "successor"}),
    ("scores", [("Criterion", "Acme", "Globex", "Initech"), ("Transparency", "3", "4", "2")], {}),
    ("flat", [("Vendor", "Model", "Context window", "Input price", "Output price", "Status", "Retirement date"),
              ("Acme", "Swift", "128k", "$1", "$2", "GA", "2027-01-01")],
     {"A": "vendor", "B": "model_name"}),
    ("scores", [("Model", "MMLU", "GPQA", "HumanEval"), ("Swift", "80.1", "50.2", "70"), ("Slow", "60", "30", "50")],
     {}),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "rows", "fields"), UNSEEN)
def test_a_sheet_of_a_known_kind_is_recognised_by_what_it_holds(
    shape: str, rows: Rows, fields: dict[str, str]
) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    found = understood(open_workbook(text.getvalue().encode(), "anything.csv"))
    assert found.shape.name == shape
    assert {at: found.layout.columns[at]["field"] for at in fields} == fields
    best, *others = found.guesses
    assert best.why
    assert all(best.confidence >= other.confidence for other in others)
