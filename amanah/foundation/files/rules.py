"""What a file really is, whether two formats hide in it, and what it may be called. Pure functions over bytes and text."""
import re
import unicodedata
from dataclasses import dataclass

import filetype


@dataclass(frozen=True, slots=True)
class Kind:
    """A format that may be stored. The first extension is the one we give."""

    name: str
    mime: str
    extensions: tuple[str, ...]
    says: str
    image: bool = False
    ours: bool = False  # never taken by `store`: made by the program, or checked by the room that asked for it


KINDS = {kind.name: kind for kind in (
    Kind("jpeg", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), "foto JPG", image=True),
    Kind("png", "image/png", ("png",), "gambar PNG", image=True),
    Kind("pdf", "application/pdf", ("pdf",), "dokumen PDF"),
    Kind("zip", "application/zip", ("zip",), "arsip ZIP", ours=True),
    Kind("csv", "text/csv", ("csv", "txt"), "tabel CSV", ours=True),
    Kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",), "lembar kerja XLSX", ours=True),
)}
_BY_MIME = {kind.mime: kind for kind in KINDS.values() if not kind.ours}

# Beginnings of other formats that a browser or office program would find inside a picture. Five bytes and more: shorter ones occur by chance.
_INTRUDERS = re.compile(rb"%PDF-|<html|<script|<\?php|<!doctype|<svg", re.IGNORECASE)
_APPENDED = re.compile(rb"%PDF-|PK\x03\x04|PK\x05\x06|Rar!|7z\xbc\xaf|MZ\x90\x00|\x7fELF|<html|<script|<\?php|<!doctype|<svg|<iframe", re.IGNORECASE)
# What a PDF does on its own when it is opened. Names can hide in compressed parts: this catches the careless, the office's reader must do the rest.
_ACTIVE_PDF = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)(?![A-Za-z0-9])")

LONGEST_NAME = 100
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')


def sniff(content: bytes) -> Kind | None:
    """The format by content alone, or None when it is none of ours. The library's opinion and our own must agree."""
    guess = filetype.guess(content[:8192])
    kind = _BY_MIME.get(guess.mime) if guess else None
    starts = {"jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-"}
    return kind if kind and content.startswith(starts[kind.name]) else None


def hides_another(kind: Kind, content: bytes) -> bool:
    """Whether a second format hides in the file (a page of HTML in a photograph, an archive behind a PDF), or a PDF that would run something.

    Cameras append harmless things of their own after the picture; those pass here and are dropped when the picture is written anew.
    """
    if kind.image:
        end = end_of_jpeg(content) if kind.name == "jpeg" else end_of_png(content)
        return bool(_INTRUDERS.search(content) or (end is not None and _APPENDED.search(content, end)))
    end = content.rfind(b"%%EOF")
    return bool(_ACTIVE_PDF.search(content) or (end >= 0 and _APPENDED.search(content, end)))


def complete_pdf(content: bytes) -> bool:
    """Whether the end of the document is there and nothing long follows it (readers look for it in the last 1,024 bytes)."""
    return b"%%EOF" in content[-1024:]


def end_of_jpeg(content: bytes) -> int | None:
    """The position behind the picture's end mark; None when the picture breaks off."""
    at = 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            return None
        mark = content[at + 1]
        if mark == 0xD9:
            return at + 2
        if mark == 0xFF or 0xD0 <= mark <= 0xD7 or mark == 0x01:  # fill byte, marks without a length
            at += 1 if mark == 0xFF else 2
            continue
        at += 2 + int.from_bytes(content[at + 2:at + 4])
        if mark == 0xDA:  # the picture's data follow; within them 0xFF is followed by 0 or a restart mark
            while True:
                at = content.find(b"\xff", at)
                if at < 0 or at + 1 >= len(content):
                    return None
                if content[at + 1] == 0 or 0xD0 <= content[at + 1] <= 0xD7:
                    at += 2
                else:
                    break
    return at + 2 if content[at:at + 2] == b"\xff\xd9" else None


def end_of_png(content: bytes) -> int | None:
    """The position behind the last chunk; None when the picture breaks off."""
    at = 8
    while at + 12 <= len(content):
        name, at = content[at + 4:at + 8], at + 12 + int.from_bytes(content[at:at + 4])
        if name == b"IEND":
            return at if at <= len(content) else None
    return None


def extension_of(name: str) -> str:
    """The extension in lower case, "" without one. ".jpg" alone is a name without extension."""
    before, dot, after = name.rpartition(".")
    return after.strip().lower() if dot and before.strip() else ""


def extension_fits(name: str, kind: Kind) -> bool:
    """Whether the name agrees with the content; a name without extension agrees with everything."""
    return extension_of(name) in ("", *kind.extensions)


def clean_name(name: str, kind: Kind) -> str:
    """The name as it may be shown and offered for download: one line, no folder, nothing that turns the direction of writing, the right ending."""
    text = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    text = "".join(char for char in _FORBIDDEN.sub(" ", text) if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
    text = " ".join(text.split())
    if extension_of(text) in kind.extensions:
        text = text.rpartition(".")[0]
    stem = text.strip(". ")[:LONGEST_NAME - 5].strip(". ") or "berkas"
    return f"{stem}.{kind.extensions[0]}"
