"""Pictures and documents, good and bad, made on the spot; and the cast."""
import io
import struct
import zlib

from PIL import Image

from amanah.foundation.kernel.actor import Actor, Holding, Scope

LUBUK = Scope(office="kelurahan.lubuk", territory="13.71.01.1001")


def staff(*permissions: str, scope: Scope = LUBUK, number: int = 2) -> Actor:
    return Actor(f"account:{number}", "staff", "Pak Dedi", number, (Holding(frozenset(permissions), scope, "role:verifier"),))


def resident(number: int = 1) -> Actor:
    return Actor(f"account:{number}", "resident", "Uni Rina", number)


def photo(width: int = 64, height: int = 32, *, turned: bool = True, kind: str = "JPEG", mode: str = "RGB", profile: bytes | None = None) -> bytes:
    """A picture, red on the left, with a GPS position, a camera, and (when `turned`) the note that it lies on its side."""
    image = Image.new("RGB", (width, height), "white")
    image.paste("red", (0, 0, width // 2, height))
    image = image.convert(mode)
    exif = Image.Exif()
    exif[0x010F] = "Kamera Rina"
    if turned:
        exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "S", 2: (0.0, 56.0, 49.0), 3: "E", 4: (100.0, 21.0, 15.0)})
    out = io.BytesIO()
    image.save(out, kind, exif=exif, **({"icc_profile": profile} if profile else {}))
    return out.getvalue()


def pdf(inside: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog " + inside + b" >>\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"


def bomb(side: int = 30_000) -> bytes:
    """A few hundred bytes that claim to unpack to `side` × `side` pixels."""
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
