"""The code lists of the family card (F-1.01 and KK form; order of the widely used village system, unconfirmed): code → label.

Codes are what is stored; labels vary in spelling and are only for reading and showing. Regulations §6.3.
"""
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

SEX = {1: "Laki-laki", 2: "Perempuan"}
MALE, FEMALE = 1, 2
STATUS = {1: "Penduduk", 2: "Meninggal", 3: "Pindah keluar", 4: "Tidak berlaku"}
RESIDENT, DEAD, MOVED, VOID = 1, 2, 3, 4
RELIGION = {1: "Islam", 2: "Kristen", 3: "Katolik", 4: "Hindu", 5: "Buddha", 6: "Khonghucu", 7: "Kepercayaan terhadap Tuhan YME / lainnya"}
RELATION = {1: "Kepala keluarga", 2: "Suami", 3: "Istri", 4: "Anak", 5: "Menantu", 6: "Cucu", 7: "Orang tua", 8: "Mertua", 9: "Famili lain",
            10: "Pembantu", 11: "Lainnya"}
HEAD, HUSBAND, WIFE, CHILD, OTHER_KIN, OTHER = 1, 2, 3, 4, 9, 11
MARITAL = {1: "Belum kawin", 2: "Kawin", 3: "Cerai hidup", 4: "Cerai mati"}
SINGLE, MARRIED, DIVORCED, WIDOWED = 1, 2, 3, 4
EDUCATION = {1: "Tidak/belum sekolah", 2: "Belum tamat SD/sederajat", 3: "Tamat SD/sederajat", 4: "SLTP/sederajat", 5: "SLTA/sederajat",
             6: "Diploma I/II", 7: "Akademi/Diploma III/S. Muda", 8: "Diploma IV/Strata I", 9: "Strata II", 10: "Strata III"}
CITIZENSHIP = {1: "WNI", 2: "WNA", 3: "Dua kewarganegaraan"}
BLOOD = {1: "A", 2: "B", 3: "AB", 4: "O", 5: "A+", 6: "A-", 7: "B+", 8: "B-", 9: "AB+", 10: "AB-", 11: "O+", 12: "O-", 13: "Tidak tahu"}
DISABILITY = {1: "Fisik", 2: "Netra/buta", 3: "Rungu/wicara", 4: "Mental/jiwa", 5: "Fisik dan mental", 6: "Lainnya", 7: "Tidak ada"}
_OCCUPATIONS = """Belum/tidak bekerja; Mengurus rumah tangga; Pelajar/mahasiswa; Pensiunan; Pegawai negeri sipil; Tentara Nasional Indonesia; Kepolisian RI;
Perdagangan; Petani/pekebun; Peternak; Nelayan/perikanan; Industri; Konstruksi; Transportasi; Karyawan swasta; Karyawan BUMN; Karyawan BUMD;
Karyawan honorer; Buruh harian lepas; Buruh tani/perkebunan; Buruh nelayan/perikanan; Buruh peternakan; Pembantu rumah tangga; Tukang cukur;
Tukang listrik; Tukang batu; Tukang kayu; Tukang sol sepatu; Tukang las/pandai besi; Tukang jahit; Tukang gigi; Penata rias; Penata busana;
Penata rambut; Mekanik; Seniman; Tabib; Paraji; Perancang busana; Penterjemah; Imam masjid; Pendeta; Pastor; Wartawan; Ustadz/mubaligh; Juru masak;
Promotor acara; Anggota DPR-RI; Anggota DPD; Anggota BPK; Presiden; Wakil presiden; Anggota Mahkamah Konstitusi; Anggota kabinet/kementerian;
Duta besar; Gubernur; Wakil gubernur; Bupati; Wakil bupati; Wali kota; Wakil wali kota; Anggota DPRD provinsi; Anggota DPRD kabupaten/kota; Dosen; Guru;
Pilot; Pengacara; Notaris; Arsitek; Akuntan; Konsultan; Dokter; Bidan; Perawat; Apoteker; Psikiater/psikolog; Penyiar televisi; Penyiar radio; Pelaut;
Peneliti; Sopir; Pialang; Paranormal; Pedagang; Perangkat desa; Kepala desa; Biarawati; Wiraswasta; Lainnya"""
OCCUPATION = {number: " ".join(label.split()) for number, label in enumerate(_OCCUPATIONS.split(";"), 1)}

# Other spellings that extracts carry, as `plain` makes them.
_SPELLINGS: Mapping[str, Mapping[str, int]] = {
    "sex": {"l": 1, "lk": 1, "pria": 1, "male": 1, "m": 1, "laki": 1, "p": 2, "pr": 2, "wanita": 2, "female": 2, "f": 2},
    "religion": {"katholik": 3, "budha": 5, "konghucu": 6, "khong hu cu": 6, "kristen protestan": 2, "protestan": 2, "kepercayaan": 7, "lainnya": 7,
                 "kepercayaan terhadap tuhan yme": 7, "aliran kepercayaan": 7},
    "relation": {"kepala": 1, "kk": 1, "isteri": 3, "orangtua": 7, "famili": 9, "pembantu rumah tangga": 10},
    "marital": {"kawin tercatat": 2, "kawin belum tercatat": 2, "menikah": 2, "belum menikah": 1, "janda": 3, "duda": 3, "cerai": 3},
    "education": {"sd": 3, "tamat sd": 3, "smp": 4, "sltp": 4, "sma": 5, "smk": 5, "slta": 5, "d1": 6, "d2": 6, "d3": 7, "d iii": 7, "s1": 8, "d4": 8, "s2": 9,
                  "s3": 10, "tidak sekolah": 1, "belum sekolah": 1, "tidak belum sekolah": 1},
    "occupation": {"pegawai negeri sipil pns": 5, "pns": 5, "tentara nasional indonesia tni": 6, "tni": 6, "polri": 7, "kepolisian ri polri": 7, "irt": 2,
                   "ibu rumah tangga": 2, "pelajar": 3, "mahasiswa": 3, "anggota kabinet kementerian": 54, "walikota": 60, "wakil walikota": 61,
                   "tidak bekerja": 1, "belum bekerja": 1, "petani": 9, "nelayan": 11, "buruh": 19},
    "blood": {"tidak diketahui": 13, "tdk tahu": 13, "tidak tahu": 13},
    "citizenship": {"indonesia": 1, "id": 1, "asing": 2},
    "status": {"hidup": 1, "tetap": 1, "ada": 1, "aktif": 1, "mati": 2, "wafat": 2, "pindah": 3},
    "disability": {"tidak cacat": 7, "tidak": 7, "cacat fisik": 1, "cacat netra buta": 2, "cacat rungu wicara": 3, "cacat mental jiwa": 4,
                   "cacat fisik dan mental": 5, "cacat lainnya": 6},
}
LISTS: Mapping[str, Mapping[int, str]] = {
    "sex": SEX, "status": STATUS, "religion": RELIGION, "relation": RELATION, "marital": MARITAL, "education": EDUCATION, "occupation": OCCUPATION,
    "citizenship": CITIZENSHIP, "blood": BLOOD, "disability": DISABILITY,
}
# Lists by which residents are counted (data agregat); sex stands in every count and is no list of its own.
COUNTED = ("religion", "marital", "education", "occupation", "relation", "blood", "citizenship", "disability")


@dataclass(frozen=True, slots=True)
class Unknown:
    """A text that stands for no code of the list."""

    text: str


def plain(text: str) -> str:
    """A label as it is compared: small letters, one space for every other sign except + and -."""
    return " ".join(re.sub(r"[^a-z0-9+\-]+", " ", text.casefold()).split())


@lru_cache(maxsize=8192)
def read(name: str, text: str) -> int | Unknown | None:
    """The code that `text` (a number or a label in any usual spelling) means in the list `name`; None for an empty text, Unknown for anything else."""
    wanted = plain(text)
    if name == "blood":  # "A-" and "-" differ, and only here
        wanted = text.strip().casefold()
    if wanted in ("", "-", "null", "none"):
        return None
    codes = LISTS[name]
    if wanted.isdecimal():
        return int(wanted) if int(wanted) in codes else Unknown(text)
    for code, label in codes.items():
        if (label.casefold() if name == "blood" else plain(label)) == wanted:
            return code
    return _SPELLINGS.get(name, {}).get(wanted, Unknown(text))


def label(name: str, code: int | None) -> str:
    """What a code is called; "" when it is not known."""
    return LISTS[name].get(code, "") if code is not None else ""
