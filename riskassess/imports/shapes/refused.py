"""Sheets that are no catalog: what each is, and where it belongs. They are recognised, and refused in a sentence."""

from __future__ import annotations

from riskassess.imports.shapes.names import ShapeName
from riskassess.imports.shapes.shape import Shape
from riskassess.imports.shapes.vocabulary import COUNTRY_FIELDS, QUESTION_FIELDS


class Questions(Shape):
    name = ShapeName.QUESTIONS
    fields = QUESTION_FIELDS
    refusal = (
        "This is a questionnaire without answers: it states nothing about a vendor yet. Add it as a set of questions "
        "and ask vendors with it; or import what comes back elsewhere as an answered questionnaire."
    )
    called_by = ("question",)


class Scores(Shape):
    name = ShapeName.SCORES
    refusal = (
        "This is a table of scores that somebody gave companies or models, without the statements they rest on: a "
        "judgement, no fact. What each company answered belongs to the evidence; import the answered "
        "questionnaires, one for each company."
    )


class Countries(Shape):
    name = ShapeName.COUNTRIES
    fields = COUNTRY_FIELDS
    refusal = (
        "This is a list of countries and their standing in law. Law is kept as dated parameters of the rules, "
        "each with its citation (see the page Rules), and is not imported."
    )
    called_by = ("country", "country_code")
