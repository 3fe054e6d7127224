"""Numbers as Indonesia writes them: 1.234.567,89 and 91%. Reading accepts both decimal styles, because sources print both (67,98 beside 78.49)."""
import re
from decimal import ROUND_HALF_UP, Decimal

from amanah.foundation.kernel.errors import Invalid

_NUMBER = re.compile(r"[-−+]?\d[\d.,]*", re.ASCII)
_LONGEST = 40


def number(value: int | float | Decimal, places: int | None = None) -> str:
    """"1.234.567,89". With `places` it is rounded half up to that many decimals; without, all decimals it has are shown."""
    exact = Decimal(str(value))
    if not exact.is_finite():
        raise ValueError("only finite numbers can be written")
    if places is not None:
        exact = _rounded(exact, places)
    return f"{exact:,f}".translate(str.maketrans(".,", ",."))


def percent(value: int | float | Decimal, places: int = 0) -> str:
    """"91%", from the percentage itself (91, not 0.91)."""
    return f"{number(value, places)}%"


def proportion(part: int, whole: int, places: int = 0) -> str:
    """"91% (1.168 dari 1.284)": a percentage with its counts, as every page must show it; "0 dari 0" when there is nothing to count.

    Never says 100% while one is missing, nor 0% when there is one: then it stops one step short.
    """
    counts = f"{number(part)} dari {number(whole)}"
    if whole == 0:
        return counts
    step = Decimal(1).scaleb(-places)
    rounded = _rounded(Decimal(100 * part) / whole, places)
    if part < whole:
        rounded = min(rounded, 100 - step)
    if part > 0:
        rounded = max(rounded, step)
    return f"{percent(rounded, places)} ({counts})"


def parse_number(text: str, field: str = "number") -> Decimal:
    """Read "1.234.567,89", "67,98", "78.49", "1,234.5", "-3"; raise Invalid on anything else.

    The rule, in order: 1. with both signs, the last one is the decimal sign; 2. a sign that occurs more than once separates thousands;
    3. a lone comma is the decimal sign; 4. a lone point followed by exactly three digits separates thousands ("12.500"), unless a zero stands
    before it ("0.125"); otherwise it is the decimal sign. Thousands must come in threes.
    """
    bare = "".join(text.split())
    if not _NUMBER.fullmatch(bare) or len(bare) > _LONGEST:
        raise _unreadable(field)
    sign, digits = ("-" if bare[0] in "-−" else ""), bare.lstrip("-−+")
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        decimal_sign = max(".,", key=digits.rfind)
    elif commas == 1:
        decimal_sign = ","
    elif points == 1 and (len(digits.partition(".")[2]) != 3 or digits.partition(".")[0] == "0"):
        decimal_sign = "."
    else:
        decimal_sign = ""
    whole, _, fraction = digits.partition(decimal_sign) if decimal_sign else (digits, "", "")
    groups = re.split(r"[.,]", whole)
    in_threes = len(groups) == 1 or (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]))
    one_separator = len(set(whole) & set(".,")) <= 1
    if not in_threes or not one_separator or (decimal_sign and not fraction.isdecimal()):
        raise _unreadable(field)
    return Decimal(sign + "".join(groups) + (f".{fraction}" if fraction else ""))


def parse_percent(text: str, field: str = "percent") -> Decimal:
    """Read "91%", "67,98 %" or "67,98" as the percentage (91, not 0.91); raise Invalid on anything else."""
    return parse_number(text.strip().removesuffix("%"), field)


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _unreadable(field: str) -> Invalid:
    return Invalid(**{field: "Tulis dengan angka, misalnya 1.234,5."})
