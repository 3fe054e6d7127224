"""The file of an extract: what it is, and its rows as texts, one after the other, never all at once (spreadsheets excepted, which are bounded)."""
import codecs
import csv
import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ...rules.extract import BadFile
from ...rules.extract_rows import cell_text

MOST_BYTES = 2 * 1024 ** 3          # of a CSV
MOST_ROWS = 5_000_000
MOST_SHEET_ROWS = 200_000           # a spreadsheet is read whole into memory
MOST_SHEET_BYTES = 400 * 1024 ** 2  # unpacked
MOST_COLUMNS = 300
LONGEST_CELL = 10_000
_PART = 1 << 20
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Form:
    """What a look through a file has found. `rows` counts lines below the heading; quoted line breaks may make it too many, never too few."""

    path: str
    kind: str              # csv, xlsx
    digest: str
    size: int
    rows: int
    headings: list[str] = field(default_factory=list)
    encoding: str = ""
    delimiter: str = ""


def survey(path: Path | str, *, most_rows: int = MOST_ROWS, most_bytes: int = MOST_BYTES, digest: str = "") -> Form:
    """Look through a file once: its kind, letters, separator, headings, number of rows, SHA-256. Raises BadFile that says what to do.

    A file of the `digest` given was looked through before: its quotes need not be matched again.
    """
    path = Path(path)
    size = path.stat().st_size
    if size == 0:
        raise BadFile("BERKAS_KOSONG")
    if size > most_bytes:
        raise BadFile("BERKAS_TERLALU_BESAR", about=f"{size // 1024 ** 2} MB, paling besar {most_bytes // 1024 ** 2} MB")
    with path.open("rb") as source:
        begin = source.read(4096)
    form = _sheet(path, size) if begin.startswith(b"PK\x03\x04") else _csv(path, size, begin, digest)
    if form.rows > most_rows:
        raise BadFile("BARIS_TERLALU_BANYAK", about=f"{form.rows:,} baris, paling banyak {most_rows:,}".replace(",", "."))
    if len(form.headings) > MOST_COLUMNS:
        raise BadFile("TERLALU_BANYAK_KOLOM", line=1)
    return form


def rows(form: Form) -> Iterator[list[str]]:
    """The rows below the heading. Raises BadFile where the file breaks off inside a quoted cell."""
    if form.kind == "xlsx":
        sheet = _read_sheet(Path(form.path))
        next(sheet, None)
        yield from sheet
        return
    csv.field_size_limit(LONGEST_CELL)
    with open(form.path, encoding=form.encoding, newline="") as source:
        reader = csv.reader(source, delimiter=form.delimiter, strict=True)
        try:
            next(reader, None)
            yield from reader
        except csv.Error as error:
            raise BadFile("TANDA_KUTIP_TERBUKA", line=reader.line_num) from error


def _csv(path: Path, size: int, begin: bytes, known: str) -> Form:
    encoding = ("utf-8-sig" if begin.startswith(codecs.BOM_UTF8) else "utf-16" if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "")
    if not encoding and b"\0" in begin:
        half = begin[:len(begin) // 2 * 2]
        encoding = "utf-16-le" if half[1::2].count(0) > len(half) // 4 else "utf-16-be" if half[::2].count(0) > len(half) // 4 else ""
        if not encoding:
            raise BadFile("BERKAS_BUKAN_CSV")
    digest, lines, quotes, last = hashlib.sha256(), 0, 0, b""
    utf8, cp1252 = codecs.getincrementaldecoder(encoding or "utf-8")(), True
    decodes = True
    with path.open("rb") as source:
        while part := source.read(_PART):
            digest.update(part)
            lines += part.count(b"\n")
            quotes += part.count(b'"')
            last = part[-2:]
            if not encoding and b"\0" in part:
                raise BadFile("BERKAS_BUKAN_CSV")
            if decodes:
                try:
                    utf8.decode(part)
                except UnicodeError:
                    decodes = False
            if cp1252 and not part.isascii():
                try:
                    part.decode("cp1252")
                except UnicodeError:
                    cp1252 = False
    if decodes:
        try:
            utf8.decode(b"", True)
        except UnicodeError:
            decodes = False
    if not decodes and (encoding or not cp1252):
        raise BadFile("SANDI_TIDAK_DIKENAL")
    encoding = encoding or ("utf-8" if decodes else "cp1252")
    delimiter, headings = _headings(path, encoding)
    form = Form(str(path), "csv", digest.hexdigest(), size, max(0, lines - last.endswith((b"\n", b"\n\0"))), headings, encoding, delimiter)
    if quotes % 2 or (quotes and form.digest != known and _broken_quotes(form)):
        raise BadFile("TANDA_KUTIP_TERBUKA", line=_broken_quotes(form))
    return form


def _headings(path: Path, encoding: str) -> tuple[str, list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=encoding, newline="") as source:
        line = source.readline(65_536)
    delimiter = max(_DELIMITERS, key=line.count)
    try:
        headings = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error as error:
        raise BadFile("JUDUL_TIDAK_ADA", line=1) from error
    headings = [heading.strip() for heading in headings]
    if len(headings) < 3 or sum(heading.replace("-", "").replace("/", "").isdecimal() for heading in headings) > 1:
        raise BadFile("JUDUL_TIDAK_ADA", line=1)
    return delimiter, headings


def _broken_quotes(form: Form) -> int:
    """The line at which a quoted cell does not end; 0 when all do."""
    count = 1
    try:
        for count, _row in enumerate(rows(form), 2):  # noqa: B007 - the number of the last row that could be read
            pass
    except BadFile as error:
        return error.line or count
    return 0


def _sheet(path: Path, size: int) -> Form:
    try:
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(one.file_size for one in packed.infolist())
            names = packed.namelist()
    except zipfile.BadZipFile as error:
        raise BadFile("BERKAS_BUKAN_CSV") from error
    if "xl/workbook.xml" not in names and "xl/workbook.bin" not in names:
        raise BadFile("BERKAS_BUKAN_CSV")
    if unpacked > MOST_SHEET_BYTES:
        raise BadFile("LEMBAR_TERLALU_BESAR")
    with path.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
    sheet = _read_sheet(path)
    headings = [heading.strip() for heading in next(sheet, [])]
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) < 3:
        raise BadFile("JUDUL_TIDAK_ADA", line=1)
    count = sum(1 for _row in sheet)
    if count > MOST_SHEET_ROWS:
        raise BadFile("LEMBAR_TERLALU_BESAR")
    return Form(str(path), "xlsx", digest, size, count, headings)


def _read_sheet(path: Path) -> Iterator[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        for row in sheet.iter_rows():
            yield [cell_text(value) for value in row]
    except (CalamineError, IndexError) as error:
        raise BadFile("BERKAS_BUKAN_CSV") from error
