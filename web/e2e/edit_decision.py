"""Edits the workbook of a Statement of Applicability as a spreadsheet program would: a text into the first justification."""

import sys
import zipfile
from xml.etree import ElementTree

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def sheet(parts, name):
    """The part that holds a sheet."""
    book = ElementTree.fromstring(parts["xl/workbook.xml"])
    link = next(one.get(f"{{{LINKS}}}id") for one in book.iter(f"{{{MAIN}}}sheet") if one.get("name") == name)
    links = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    target = next(one.get("Target") for one in links.iter(f"{{{PACKAGE}}}Relationship") if one.get("Id") == link)
    return "xl/" + target.removeprefix("/xl/")


def edit(path, column, text):
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    strings = ElementTree.fromstring(parts["xl/sharedStrings.xml"])
    shared = ["".join(one.itertext()) for one in strings.iter(f"{{{MAIN}}}si")]
    part = sheet(parts, "Decisions")
    root = ElementTree.fromstring(parts[part])

    def said(cell):
        value = cell.find(f"{{{MAIN}}}v")
        return shared[int(value.text)] if value is not None and cell.get("t") == "s" else ""

    rows = list(root.iter(f"{{{MAIN}}}row"))
    head, letters = next(
        (at, cell.get("r").rstrip("0123456789")) for at, row in enumerate(rows) for cell in row if said(cell) == column
    )
    cell = next(cell for cell in rows[head + 1] if cell.get("r").rstrip("0123456789") == letters)
    kept = {name: cell.get(name) for name in ("r", "s") if cell.get(name)}
    cell.clear()
    cell.attrib.update(kept, t="inlineStr")
    ElementTree.SubElement(ElementTree.SubElement(cell, f"{{{MAIN}}}is"), f"{{{MAIN}}}t").text = text
    parts[part] = ElementTree.tostring(root, xml_declaration=True, encoding="UTF-8")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)


edit(sys.argv[1], "Justification", "Edited in a workbook")
