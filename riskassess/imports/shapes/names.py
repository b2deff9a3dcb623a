"""What the shapes are called. Pure."""

from __future__ import annotations

from enum import StrEnum


class ShapeName(StrEnum):
    """How the rows of a sheet are to be understood."""

    FLAT = "flat"
    SECTIONS = "sections"
    MATRIX = "matrix"
    FACTS = "facts"
    RETIREMENT = "retirement"
    PRICES = "prices"
    REGIONS = "regions"
    VENDORS = "vendors"
    ANSWERS = "answers"
    REGISTER = "register"
    USES = "uses"
    QUESTIONS = "questions"
    SCORES = "scores"
    COUNTRIES = "countries"


LABELS: dict[ShapeName, str] = {
    ShapeName.FLAT: "Flat table: one offering a row",
    ShapeName.SECTIONS: "Sectioned table: headings stand between the rows",
    ShapeName.MATRIX: "Model x region matrix",
    ShapeName.FACTS: "One fact a row",
    ShapeName.RETIREMENT: "Retirement schedule",
    ShapeName.PRICES: "Price list with history",
    ShapeName.REGIONS: "Cloud region list",
    ShapeName.VENDORS: "Vendor list",
    ShapeName.ANSWERS: "Answered questionnaire",
    ShapeName.REGISTER: "Register of authorised devices",
    ShapeName.USES: "Inventory of products in use",
    ShapeName.QUESTIONS: "Questionnaire without answers",
    ShapeName.SCORES: "Scores of companies",
    ShapeName.COUNTRIES: "Countries and their standing in law",
}
CHOICES: list[tuple[str, str]] = [(str(name), label) for name, label in LABELS.items()]
