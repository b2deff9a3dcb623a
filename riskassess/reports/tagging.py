"""What the PDF engine's tags leave out, put right in its objects before they are written: no second pass.

1. A header cell says what it heads: the column in a table's head, else its row.
2. A table that only lays out (it has no header cell) is read as a passage, not as a table.
3. The text of a list's entry is the entry's body.
4. A link says where it leads in words, and is printed like what surrounds it.
5. Running headers and footers are no content: a reader would hear them in the middle of every page.

"Tagged for PDF/UA-1, and checked by ..." is what the product may say of the result; a conformance claim needs
a person's reading besides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pydyf

PRINTED = 4  # the flag of an annotation that is printed
LAYOUT = {"/Table": "/Div", "/THead": "/NonStruct", "/TBody": "/NonStruct", "/TR": "/Div", "/TD": "/Div"}


def put_right(pdf: Any, titles: Mapping[str, str]) -> None:
    """Puts the tags of a laid out document right. `titles` are the parts' names by their anchors."""
    objects = pdf.objects
    root = _at(objects, pdf.catalog["StructTreeRoot"])
    found = list(_elements(objects, root))
    for element in found:
        if element["S"] == "/TH":
            head = _at(objects, _at(objects, element["P"])["P"])["S"] == "/THead"
            element["A"]["Scope"] = "/Column" if head else "/Row"
        elif element["S"] == "/TD" and not element["A"].get("Headers", True):
            del element["A"]["Headers"]  # an empty list; the scope of the header cells says it
        elif element["S"] == "/LI":
            _with_body(pdf, element)
    for element in found:
        if element["S"] == "/Table":
            _as_passage(objects, element)
    for one in objects:
        if isinstance(one, pydyf.Dictionary) and one.get("Subtype") == "/Link":
            one["F"] = PRINTED
            if "Dest" in one and (title := titles.get(one["Dest"].string)):
                one["Contents"] = pydyf.String(title)
    _margins_as_artifacts(pdf, root, found)
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))  # the engine names each file twice


def _at(objects: list[Any], reference: Any) -> Any:
    """The object that `7 0 R` points to."""
    text = reference.decode() if isinstance(reference, bytes) else reference
    return objects[int(text.split()[0])]


def _elements(objects: list[Any], parent: Any) -> Iterator[Any]:
    """Every structure element below `parent`, in reading order."""
    for kid in parent["K"]:
        if isinstance(kid, int):
            continue  # the content itself
        element = _at(objects, kid)
        if element.get("Type") == "/StructElem":
            yield element
            yield from _elements(objects, element)


def _with_body(pdf: Any, item: Any) -> None:
    """Gathers what is neither label nor body of a list's entry into its body."""
    kids = [(kid, None if isinstance(kid, int) else _at(pdf.objects, kid)) for kid in item["K"]]
    if any(element is not None and element.get("S") == "/LBody" for _, element in kids):
        return
    body = pydyf.Dictionary(
        {
            "Type": "/StructElem",
            "S": "/LBody",
            "K": pydyf.Array([]),
            "Pg": item["Pg"],
            "P": item.reference,
        }
    )
    pdf.add_object(body)
    labels = []
    for kid, element in kids:
        if element is not None and element.get("S") == "/Lbl":
            labels.append(kid)
        else:
            body["K"].append(kid)
            if element is not None and "P" in element:
                element["P"] = body.reference
    item["K"] = pydyf.Array([*labels, body.reference])


def _as_passage(objects: list[Any], table: Any) -> None:
    """Takes the table out of a table that has no header cell of its own."""
    cells = list(_own(objects, table))
    if any(cell["S"] == "/TH" for cell in cells):
        return
    for cell in (table, *cells):
        cell["S"] = LAYOUT[cell["S"]]
        cell.pop("A", None)


def _own(objects: list[Any], parent: Any) -> Iterator[Any]:
    """Groups, rows and cells of a table; none of a table inside one of its cells."""
    for kid in parent["K"]:
        element = None if isinstance(kid, int) else _at(objects, kid)
        if element is None or element.get("S") not in ("/THead", "/TBody", "/TR", "/TH", "/TD"):
            continue
        yield element
        if element["S"] not in ("/TH", "/TD"):
            yield from _own(objects, element)


def _margins_as_artifacts(pdf: Any, root: Any, found: list[Any]) -> None:
    """Marks the text that no element of the tree holds as decoration of the page."""
    objects = pdf.objects
    held: dict[Any, set[int]] = {}
    for element in found:
        marks = [kid for kid in element["K"] if isinstance(kid, int)]
        held.setdefault(element.get("Pg"), set()).update(marks)
    numbers = _at(objects, root["ParentTree"])["Nums"]
    for at, page in enumerate(pdf.page_references):
        kept, content = held.get(page, set()), _at(objects, _at(objects, page)["Contents"]).stream
        for place, token in enumerate(content):
            if isinstance(token, pydyf.Dictionary) and "MCID" in token and token["MCID"] not in kept:
                content[place - 1] = "/Artifact"
                content[place] = pydyf.Dictionary({"Type": "/Pagination"})
                numbers[2 * at + 1][token["MCID"]] = "null"
