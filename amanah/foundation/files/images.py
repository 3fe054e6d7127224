"""Pictures written anew: upright, without the place and the device they were taken with, not larger than asked, and nothing else inside."""
import io
import warnings
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from amanah.foundation.files.rules import Kind
from amanah.foundation.kernel.errors import Invalid

MOST_PIXELS = 60_000_000  # 60 megapixels, about 180 MB unpacked: more than telephones take, far less than a bomb
_QUALITY = 88


@dataclass(frozen=True, slots=True)
class Picture:
    content: bytes
    width: int
    height: int


def rewrite(kind: Kind, content: bytes, *, long_side: int | None = None) -> Picture:
    """The picture anew, turned upright and at most `long_side` pixels long. Only pixels and a colour profile are carried over.

    Raises Invalid for pictures that are broken or too large to unpack; the size is read before anything is unpacked.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own, lower, limit follows
            image = Image.open(io.BytesIO(content), formats=[kind.name.upper()])
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise Invalid(file=_("Gambar ini %(size)d megapiksel. Kirim yang paling besar %(most)d megapiksel.") % {
                "size": width * height // 1_000_000, "most": MOST_PIXELS // 1_000_000})
        if long_side and kind.name == "jpeg":
            image.draft(None, (long_side, long_side))  # unpacks at a half or a quarter of the size: saves time and memory
        profile = image.info.get("icc_profile")
        upright = ImageOps.exif_transpose(image)
        if long_side:
            upright.thumbnail((long_side, long_side), Image.Resampling.LANCZOS)
        return _written(kind, upright, profile)
    except Invalid:
        raise
    except Exception as error:  # whatever a hostile or broken picture makes the decoder raise
        raise Invalid(file=_("Gambar ini rusak atau tidak lengkap. Ambil ulang, lalu kirim lagi.")) from error


def _written(kind: Kind, image: Image.Image, profile: bytes | None) -> Picture:
    if kind.name == "jpeg" and image.mode not in ("RGB", "L"):
        image, profile = image.convert("RGB"), None  # a profile for other inks would be wrong now
    elif kind.name == "png" and image.mode not in ("1", "L", "LA", "P", "RGB", "RGBA"):
        image, profile = image.convert("RGBA"), None
    image.info = {name: value for name, value in image.info.items() if name == "transparency"}
    out = io.BytesIO()
    if kind.name == "jpeg":
        image.save(out, "JPEG", quality=_QUALITY, optimize=True, icc_profile=profile)
    else:
        image.save(out, "PNG", icc_profile=profile)
    return Picture(out.getvalue(), *image.size)
