"""Money: whole rupiah in integers, written the Indonesian way, read strictly, shared out to the last rupiah."""
import re
from collections.abc import Sequence

from amanah.foundation.kernel.errors import Invalid

_ONES = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")
_SCALES = ((10**15, "kuadriliun"), (10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (10**3, "ribu"))
_AMOUNT = re.compile(r"(?P<sign>[-−]?)\s*(?:(?:rp\.?|idr)\s*)?(?P<late>[-−]?)(?P<whole>\d{1,3}(?:\.\d{3})+|\d+)(?:,(?P<cents>\d+|-))?", re.IGNORECASE)


def rupiah(amount: int) -> str:
    """"Rp12.500", "-Rp12.500". Whole rupiah only: anything but an int is a programming error (TypeError)."""
    if not isinstance(amount, int) or isinstance(amount, bool):
        raise TypeError(f"rupiah are whole numbers, not {type(amount).__name__}")
    return f"{'-' if amount < 0 else ''}Rp{abs(amount):,}".replace(",", ".")


def parse_rupiah(text: str, field: str = "amount") -> int:
    """Read "Rp 12.500", "12500", "12.500,00", "Rp12.500,-"; raise Invalid on parts of a rupiah and on anything doubtful.

    "12,500" and "12.50" are refused rather than guessed: a wrong guess is wrong by a factor of a thousand.
    """
    match = _AMOUNT.fullmatch(" ".join(text.split()))
    if not match or (match["sign"] and match["late"]):
        raise Invalid(**{field: "Tulis jumlah rupiah dengan angka, misalnya 12.500."})
    cents = match["cents"] or ""
    if len(cents) == 3:
        raise Invalid(**{field: "Pakai titik untuk ribuan, misalnya 12.500. Koma berarti pecahan rupiah."})
    if cents.strip("0-"):
        raise Invalid(**{field: "Tulis rupiah tanpa pecahan, misalnya 12.500."})
    whole = match["whole"].replace(".", "")
    if len(whole) > 18 or not whole.isascii():
        raise Invalid(**{field: "Jumlah ini terlalu besar. Periksa lagi banyaknya angka."})
    return -int(whole) if match["sign"] or match["late"] else int(whole)


def terbilang(number: int) -> str:
    """The number in Indonesian words, as letters and receipts spell it: 12500 → "dua belas ribu lima ratus".

    Up to 18 digits; the word "rupiah" is the letter's business. Raises ValueError beyond.
    """
    if abs(number) >= 10**18:
        raise ValueError("terbilang spells numbers of at most 18 digits")
    return f"minus {_words(-number)}" if number < 0 else _words(number)


def _words(number: int) -> str:
    if number < 12:
        return _ONES[number]
    if number < 20:
        return f"{_ONES[number - 10]} belas"
    if number < 100:
        return _with_rest(f"{_ONES[number // 10]} puluh", number % 10)
    if number < 1000:
        return _with_rest("seratus" if number < 200 else f"{_ONES[number // 100]} ratus", number % 100)
    scale, name = next(entry for entry in _SCALES if number >= entry[0])
    # Only a lone thousand contracts: "seribu", yet "satu juta".
    head = "seribu" if number // scale == 1 and name == "ribu" else f"{_words(number // scale)} {name}"
    return _with_rest(head, number % scale)


def _with_rest(head: str, rest: int) -> str:
    return f"{head} {_words(rest)}" if rest else head


def share(total: int, parts: int | Sequence[int]) -> list[int]:
    """Split `total` into equal parts, or by weights; the parts always add up to the total.

    Rupiah left over go one each to the largest remainders, the earlier part first. Weights are not negative and not all zero (ValueError).
    """
    weights = [1] * parts if isinstance(parts, int) else list(parts)
    if not weights or min(weights) < 0 or not sum(weights):
        raise ValueError("share needs at least one part, no negative weight and one weight above zero")
    if total < 0:
        return [-part for part in share(-total, weights)]
    whole = sum(weights)
    shares = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares
