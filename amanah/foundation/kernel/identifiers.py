"""Numbers that stand for a person, a family, a telephone or a taxpayer: NIK, KK number, telephone, NPWP.

They are text, never integers. `str()` and `repr()` show the masked form only, so that no log, traceback or page shows one by accident;
the whole number is `.value`, and whoever writes that has decided to. A valid form says nothing about whether the person exists.

Sources: NIK and KK number as recorded by Dukcapil (UU 23/2006, UU 24/2013); NPWP of 15 and 16 digits, the latter since 2024 (PMK 112/2022).
"""
import re
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Literal, Self

from stdnum import luhn

from amanah.foundation.kernel.errors import Invalid

Sex = Literal["male", "female"]

_SPREADSHEET = re.compile(r"\d+(?:[.,]\d+)?e[+-]?\d+|\d{10,}[.,]0+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, repr=False)
class _Identifier:
    """A number behind a mask. `warnings` are sentences for the clerk: doubtful, yet no reason to refuse; two equal numbers are equal without them."""

    value: str
    warnings: tuple[str, ...] = field(default=(), compare=False, kw_only=True)

    form: ClassVar[re.Pattern[str]]

    def __post_init__(self) -> None:
        if not self.form.fullmatch(self.value):
            raise ValueError(f"a {type(self).__name__} is made by its parse()")  # without the value: it may end in a log

    @property
    def masked(self) -> str:
        """For screens: the first four and the last two digits."""
        return f"{self.value[:4]}{'•' * (len(self.value) - 6)}{self.value[-2:]}"

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.masked})"


@dataclass(frozen=True, slots=True, repr=False)
class Nik(_Identifier):
    """Nomor Induk Kependudukan: region of first registration (6), birth date DDMMYY with 40 added to a woman's day (6), serial (4).

    It never changes, also when birth date or sex are corrected later and when the person moves: region, date and sex in it are hints.
    """

    form: ClassVar[re.Pattern[str]] = re.compile(r"[1-9][0-9]{15}")

    @classmethod
    def parse(cls, text: object, *, regions: frozenset[str] = frozenset(), born: date | None = None, sex: Sex | None = None,
              field: str = "nik") -> Self:
        """Read a NIK as people and spreadsheets write it; raise Invalid when it cannot be one.

        `regions` holds the six-digit prefixes known to have existed; an unknown one only warns, for regions were split and renumbered.
        `born` and `sex`, as the register has them, only warn as well.
        """
        digits = _sixteen(text, "NIK", field)
        nik = cls(digits)
        if not nik.birth_dates():
            raise Invalid(**{field: "Tanggal lahir di dalam NIK ini tidak ada. Periksa angka ke-7 sampai ke-12."})
        warnings = []
        if regions and nik.region not in regions:
            warnings.append(f"Kode wilayah {nik.region} belum dikenal. Cocokkan dengan KTP.")
        if born is not None and born not in nik.birth_dates():
            warnings.append("Tanggal lahir di NIK berbeda dari isian. Cocokkan dengan akta.")
        if sex is not None and sex != nik.sex:
            warnings.append("Jenis kelamin di NIK berbeda dari isian. Cocokkan dengan KTP.")
        if digits.endswith("0000"):
            warnings.append("Nomor urut NIK ini 0000, padahal dimulai dari 0001. Cocokkan dengan KTP.")
        return cls(digits, warnings=tuple(warnings))

    @property
    def region(self) -> str:
        """Six digits of the kecamatan in which the person was first registered; not where they live now."""
        return self.value[:6]

    @property
    def sex(self) -> Sex:
        return "female" if int(self.value[6:8]) > 40 else "male"

    def birth_dates(self, *, by: date | None = None) -> tuple[date, ...]:
        """The dates the six digits can mean, latest first: two, since the century is not written, one, or none. `by` leaves out later ones."""
        day, month, year = int(self.value[6:8]), int(self.value[8:10]), int(self.value[10:12])
        found = []
        for century in (2000, 1900):
            try:
                found.append(date(century + year, month, day - 40 if day > 40 else day))
            except ValueError:
                continue
        return tuple(d for d in found if by is None or d <= by)

    def birth_date(self, *, by: date) -> date | None:
        """The birth date if only one century is possible on the day `by`; None where a child and somebody of a hundred write the same digits."""
        dates = self.birth_dates(by=by)
        return dates[0] if len(dates) == 1 else None


@dataclass(frozen=True, slots=True, repr=False)
class KkNumber(_Identifier):
    """Number of a family card: region of issue (6), date of recording DDMMYY (6, nothing added), serial (4)."""

    form: ClassVar[re.Pattern[str]] = re.compile(r"[1-9][0-9]{15}")

    @classmethod
    def parse(cls, text: object, *, regions: frozenset[str] = frozenset(), field: str = "kk") -> Self:
        """Read a KK number; raise Invalid when it cannot be one. Unknown regions and impossible dates of recording only warn."""
        digits = _sixteen(text, "Nomor KK", field)
        warnings = []
        if regions and digits[:6] not in regions:
            warnings.append(f"Kode wilayah {digits[:6]} belum dikenal. Cocokkan dengan kartu keluarga.")
        try:
            date(2000 + int(digits[10:12]), int(digits[8:10]), int(digits[6:8]))
        except ValueError:
            warnings.append("Tanggal pencatatan di nomor KK ini tidak ada. Apakah ini NIK? Cocokkan dengan kartu keluarga.")
        return cls(digits, warnings=tuple(warnings))

    @property
    def region(self) -> str:
        """Six digits of the kecamatan that issued the card."""
        return self.value[:6]


@dataclass(frozen=True, slots=True, repr=False)
class Phone(_Identifier):
    """An Indonesian telephone number in E.164: "+6281234567890"."""

    form: ClassVar[re.Pattern[str]] = re.compile(r"\+62[1-9][0-9]{7,11}")

    @classmethod
    def parse(cls, text: object, *, field: str = "phone") -> Self:
        """Read 0812…, 62812…, +62 812…, 0062…, (0751) 123456 and 812…; raise Invalid for anything else, foreign numbers too."""
        if not isinstance(text, str):
            raise Invalid(**{field: _AS_NUMBER.format("nomor telepon")})
        if _SPREADSHEET.fullmatch(text.strip()):
            raise Invalid(**{field: _AS_NUMBER.format("nomor telepon")})
        bare = re.sub(r"[\s.\-()/–]", "", text.strip().lstrip("'"))
        match = re.fullmatch(r"(?:(?:\+|00)?620?|0)([1-9][0-9]*)|(8[0-9]+)", bare, re.ASCII)
        if not match:
            raise Invalid(**{field: "Tulis nomor telepon Indonesia, misalnya 0812 3456 7890."})
        national = match[1] or match[2]
        if not (9 if national.startswith("8") else 8) <= len(national) <= 12:
            raise Invalid(**{field: "Banyaknya angka belum pas. Contoh nomor lengkap: 0812 3456 7890."})
        return cls(f"+62{national}")

    @property
    def mobile(self) -> bool:
        """Whether messages can reach it."""
        return self.value.startswith("+628")

    @property
    def spaced(self) -> str:
        """The whole number as people dial it: "0812 3456 7890". Not masked."""
        local = f"0{self.value[3:]}"
        return " ".join([local[:4], *(local[i:i + 4] for i in range(4, len(local), 4))])

    @property
    def masked(self) -> str:
        """"0812••••••90", in the form its owner recognises."""
        local = f"0{self.value[3:]}"
        return f"{local[:4]}{'•' * (len(local) - 6)}{local[-2:]}"


@dataclass(frozen=True, slots=True, repr=False)
class Npwp(_Identifier):
    """Taxpayer number in its form of 16 digits; the older 15 digits gain a zero in front."""

    form: ClassVar[re.Pattern[str]] = re.compile(r"[0-9]{16}")

    @classmethod
    def parse(cls, text: object, *, field: str = "npwp") -> Self:
        """Read 15 or 16 digits, with or without points and dash; a number without a zero in front is a NIK and follows its rules. Raises Invalid."""
        digits = _digits(text, "NPWP", field)
        if len(digits) == 15:
            digits = f"0{digits}"
        if len(digits) != 16:
            raise Invalid(**{field: f"NPWP terdiri dari 15 atau 16 angka. Yang tertulis {len(digits)} angka."})
        if not digits.startswith("0"):
            return cls(digits, warnings=Nik.parse(digits, field=field).warnings)
        if not luhn.is_valid(digits[:10]):
            raise Invalid(**{field: "Ada angka NPWP yang keliru. Cocokkan dengan kartu NPWP."})
        return cls(digits)

    @property
    def is_nik(self) -> bool:
        return not self.value.startswith("0")


_AS_NUMBER = "Lembar kerja mengubah {} ini menjadi bilangan. Ubah kolomnya menjadi teks, lalu isi ulang nomor lengkapnya."


def _sixteen(text: object, what: str, field: str) -> str:
    digits = _digits(text, what, field)
    if len(digits) != 16:
        raise Invalid(**{field: f"{what} terdiri dari 16 angka. Yang tertulis {len(digits)} angka."})
    if digits.startswith("0"):
        raise Invalid(**{field: f"{what} tidak dimulai dengan 0. Periksa angka pertama."})
    return digits


def _digits(text: object, what: str, field: str) -> str:
    """The digits of a number written with spaces, points or dashes. Numbers from spreadsheets are refused: their last digits are already lost."""
    if not isinstance(text, str):
        raise Invalid(**{field: _AS_NUMBER.format(what)})
    bare = re.sub(r"[\s\u200b\ufeff]", "", text).lstrip("'’`")
    if _SPREADSHEET.fullmatch(bare):
        raise Invalid(**{field: _AS_NUMBER.format(what)})
    digits = re.sub(r"[.\-–]", "", bare)
    if not digits:
        raise Invalid(**{field: f"Isi {what}."})
    if not (digits.isascii() and digits.isdecimal()):
        raise Invalid(**{field: f"{what} hanya berisi angka. Huruf O dan l sering tertukar dengan 0 dan 1."})
    return digits
