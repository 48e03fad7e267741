"""Files as councils have them, and as nobody should, made for the tests."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl

LONG = [
    ("KPI", "Period", "Value", "Target", "Polarity", "Owner"),
    ("Missed bins", "Q1 2024/25", 41, 50, "low", "Head of waste"),
    ("Missed bins", "Q2 2024/25", 44, 50, "low", "Head of waste"),
    ("Missed bins", "Q3 2024/25", 39, 50, "low", "Head of waste"),
    ("Calls answered", "Q1 2024/25", 81, 85, "high", "Head of contact"),
    ("Calls answered", "Q2 2024/25", 84, 85, "high", "Head of contact"),
    ("Calls answered", "Q3 2024/25", 86, 85, "high", "Head of contact"),
]


def workbook(path: Path, **sheets) -> Path:
    """Write sheets of rows as an Excel workbook, a sheet's name from its keyword."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in (sheets or {"Figures": LONG}).items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def changed(path: Path, part: str, change) -> Path:
    """Change one part of a workbook's archive."""
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    parts[part] = change(parts.get(part, b""))
    path.write_bytes(zipped(parts))
    return path


def zipped(parts, compression=zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def csv(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def text(rows, separator=",") -> str:
    return "".join(separator.join(map(str, row)) + "\n" for row in rows)


ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" '
    'office:version="1.2"><office:body><office:spreadsheet>'
)
ODS_TAIL = "</office:spreadsheet></office:body></office:document-content>"
MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
)


def ods(path: Path, body: str) -> Path:
    """Write an OpenDocument workbook from what stands inside its spreadsheet."""
    path.write_bytes(
        zipped(
            {
                "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                "content.xml": ODS_HEAD + body + ODS_TAIL,
                "META-INF/manifest.xml": MANIFEST,
            }
        )
    )
    return path


def cells(row) -> str:
    """Write cells of an OpenDocument row."""
    made = ""
    for cell in row:
        if isinstance(cell, (int, float)):
            made += (
                f'<table:table-cell office:value-type="float" office:value="{cell}">'
                f"<text:p>{cell}</text:p></table:table-cell>"
            )
        else:
            made += (
                '<table:table-cell office:value-type="string">'
                f"<text:p>{cell}</text:p></table:table-cell>"
            )
    return made


def ods_table(rows, name="Figures") -> str:
    lines = "".join(f"<table:table-row>{cells(row)}</table:table-row>" for row in rows)
    return f'<table:table table:name="{name}">{lines}</table:table>'
