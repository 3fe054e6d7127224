"""Extracts of the population administration: which columns they have, and everything that can be wrong with a row, by name. Pure.

Headings are those that Dukcapil's offices use in their CSV and spreadsheets (unconfirmed: no format is published; regulations §6), with the
spellings seen in village systems. A mapping is saved with its source, so that a heading nobody guessed is chosen once.
"""
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# Field of ours → headings of theirs, as `plain_heading` makes them. The order of the first eleven and of the next five matters to extract_rows.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "sex": ("jenisklmin", "jeniskelamin", "jk", "jnskelamin", "kelamin", "sex"),
    "status": ("status", "statuspenduduk", "statushidup", "stathidup", "statusdasar", "ketstatus"),
    "religion": ("agama",),
    "marital": ("statkwn", "statuskawin", "statusperkawinan", "statkawin", "stskawin"),
    "education": ("pddkakh", "pendidikan", "pendidikanakhir", "pendidikanterakhir", "pddkakhir"),
    "occupation": ("jenispkrjn", "pekerjaan", "jenispekerjaan", "jnspekerjaan"),
    "relation": ("stathbkel", "shdk", "hubungan", "hubungankeluarga", "statushubungandalamkeluarga", "stathubkel", "hubkel"),
    "blood": ("goldrh", "golongandarah", "goldarah"),
    "citizenship": ("kwrgnegrn", "kewarganegaraan", "warganegara", "kwn", "wn"),
    "disability": ("pnydcct", "cacat", "disabilitas", "penyandangcacat", "jeniscacat", "ketcacat"),
    "kecamatan": ("nokec", "kecamatan", "kdkec", "namakec", "kodekec", "kec"),
    "kelurahan": ("kodewilayah", "nokel", "kelurahan", "kdkel", "namakel", "kodekel", "kodekelurahan", "kel", "kodedesa", "desa"),
    "rw": ("norw", "rw"),
    "rt": ("nort", "rt"),
    "nik": ("nik", "noktp", "noinduk", "nomorindukkependudukan"),
    "kk": ("nokk", "kk", "nomorkk", "nokartukeluarga", "nomorkartukeluarga"),
    "name": ("namalgkp", "nama", "namalengkap", "nmlgkp"),
    "born": ("tgllhr", "tanggallahir", "tgllahir"),
    "birthplace": ("tmptlhr", "tempatlahir", "tmplhr", "tptlahir"),
    "mother_name": ("namalgkpibu", "namaibu", "ibukandung", "namaibukandung"),
    "father_name": ("namalgkpayah", "namaayah", "namaayahkandung"),
    "mother_nik": ("nikibu",),
    "father_nik": ("nikayah",),
    "address": ("alamat", "alamatlengkap"),
    "phone": ("nohp", "telepon", "notelp", "nohandphone", "telp", "hp"),
    "on": ("tglperistiwa", "tglperubahan", "tglpindah", "tglmati", "tglmeninggal", "tanggalperistiwa"),
}
FIELDS = tuple(HEADINGS)
NEEDED = ("nik", "kk", "name", "sex", "born", "kelurahan")
CODED = FIELDS[:10]
PLACED = FIELDS[10:14]
TITLES = {
    "sex": "Jenis kelamin", "status": "Status penduduk", "religion": "Agama", "marital": "Status perkawinan", "education": "Pendidikan", "occupation": "Pekerjaan",
    "relation": "Hubungan keluarga (SHDK)", "blood": "Golongan darah", "citizenship": "Kewarganegaraan", "disability": "Disabilitas",
    "kecamatan": "Kecamatan", "kelurahan": "Kelurahan (kode atau nama)", "rw": "RW", "rt": "RT", "nik": "NIK", "kk": "Nomor KK", "name": "Nama lengkap",
    "born": "Tanggal lahir", "birthplace": "Tempat lahir", "mother_name": "Nama ibu", "father_name": "Nama ayah", "mother_nik": "NIK ibu", "father_nik": "NIK ayah",
    "address": "Alamat", "phone": "Nomor telepon", "on": "Tanggal peristiwa",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a row or a file: a stable code, what is wrong, what to do. A warning does not keep the row out."""

    code: str
    says: str
    remedy: str
    warning: bool = False


def _listed(*problems: Problem) -> dict[str, Problem]:
    return {problem.code: problem for problem in problems}


PROBLEMS = _listed(
    # rows that stay out
    Problem("BARIS_TERPOTONG", "Baris ini lebih pendek dari judulnya.", "Unduh ulang berkas dari sumbernya; berkas ini terpotong."),
    Problem("TERLALU_BANYAK_KOLOM", "Baris ini lebih panjang dari judulnya.", "Beri tanda kutip pada isian yang memuat tanda pemisah kolom."),
    Problem("HURUF_RUSAK", "Ada huruf yang rusak karena salah sandi.", "Simpan ulang berkas sebagai CSV UTF-8 dari sumbernya."),
    Problem("NIK_KOSONG", "NIK belum diisi.", "Isi NIK enam belas angka. Bayi tanpa NIK dicatat lewat kelurahan."),
    Problem("NIK_BUKAN_TEKS", "NIK ini sudah menjadi bilangan sehingga angka belakangnya hilang.",
            "Jadikan kolom NIK teks, lalu ambil ulang nomornya dari sumber."),
    Problem("NIK_SALAH", "NIK ini bukan NIK yang sah.", "Cocokkan enam belas angkanya dengan KTP atau KK."),
    Problem("NIK_GANDA_DALAM_BERKAS", "NIK ini sudah ada pada baris lain di berkas ini.", "Sisakan satu baris untuk setiap NIK."),
    Problem("KK_BUKAN_TEKS", "Nomor KK ini sudah menjadi bilangan sehingga angka belakangnya hilang.",
            "Jadikan kolom nomor KK teks, lalu ambil ulang nomornya dari sumber."),
    Problem("KK_SALAH", "Nomor KK ini bukan nomor yang sah.", "Cocokkan enam belas angkanya dengan kartu keluarga."),
    Problem("NAMA_KOSONG", "Nama belum diisi.", "Isi nama lengkap seperti di KK."),
    Problem("ISIAN_TERLALU_PANJANG", "Isian ini terlalu panjang.", "Periksa apakah kolomnya bergeser."),
    Problem("TANGGAL_TIDAK_TERBACA", "Tanggal ini tidak terbaca.", "Tulis tanggal sebagai 2001-08-17 atau 17-08-2001."),
    Problem("LAHIR_DI_MASA_DEPAN", "Tanggal lahir ini belum tiba.", "Periksa tahun dan bulannya."),
    Problem("LAHIR_TERLALU_LAMA", "Tanggal lahir ini lebih dari 130 tahun yang lalu.", "Periksa tahunnya."),
    Problem("PERISTIWA_DI_MASA_DEPAN", "Tanggal peristiwa ini belum tiba.", "Periksa tanggal peristiwanya."),
    Problem("KELURAHAN_TIDAK_DIKENAL", "Kelurahan ini tidak ada di kota ini.", "Isi kode Kemendagri, misalnya 13.71.11.1009, atau nama dengan kecamatannya."),
    Problem("KODE_TIDAK_DIKENAL", "Isian ini tidak ada dalam daftar kode.", "Pakai angka atau nama dari daftar kode kependudukan."),
    Problem("JENIS_KELAMIN_KOSONG", "Jenis kelamin belum diisi.", "Isi 1 untuk laki-laki atau 2 untuk perempuan."),
    Problem("KEPALA_GANDA", "KK ini sudah punya kepala keluarga pada baris lain.", "Sisakan satu kepala keluarga untuk setiap KK."),
    Problem("NIK_DIPAKAI_ORANG_LAIN", "NIK ini milik orang lain dalam register.", "Cocokkan nama dan tanggal lahir dengan KTP."),
    # warnings
    Problem("NIK_WILAYAH_TIDAK_DIKENAL", "Kode provinsi di awal NIK tidak dikenal.", "Cocokkan NIK dengan KTP.", True),
    Problem("NIK_BEDA_TANGGAL", "Tanggal lahir di NIK berbeda dari isian.", "Cocokkan dengan akta kelahiran.", True),
    Problem("NIK_BEDA_KELAMIN", "Jenis kelamin di NIK berbeda dari isian.", "Cocokkan dengan KTP.", True),
    Problem("NIK_NOMOR_URUT", "Nomor urut NIK ini 0000.", "Cocokkan NIK dengan KTP.", True),
    Problem("TANPA_KK", "Nomor KK kosong; orang ini belum masuk keluarga mana pun.", "Isi nomor KK pada ekstrak berikutnya.", True),
    Problem("RW_RT_TIDAK_DIKENAL", "RW atau RT ini belum terdaftar; orang ini dicatat pada kelurahannya.", "Daftarkan RW dan RT itu di halaman wilayah.", True),
    Problem("TELEPON_DILEWATI", "Nomor telepon ini tidak sah dan dilewati.", "Tulis nomor seperti 0812 3456 7890.", True),
    Problem("NIK_ORANG_TUA_DILEWATI", "NIK ayah atau ibu tidak sah dan dilewati.", "Cocokkan dengan KTP orang tuanya.", True),
    Problem("ORANG_TUA_TERLALU_MUDA", "Orang tua ini tidak lebih tua sepuluh tahun; keduanya belum dihubungkan.", "Periksa NIK dan tanggal lahirnya.", True),
    Problem("ORANG_TUA_MELINGKAR", "Orang ini menjadi orang tua atau leluhur dirinya sendiri; keduanya belum dihubungkan.", "Periksa NIK ayah dan NIK ibu.", True),
    Problem("KEPALA_MENINGGAL", "Kepala keluarga ini meninggal.", "Tunjuk kepala keluarga yang baru.", True),
    Problem("KELUARGA_TANPA_KEPALA", "Keluarga ini tidak punya kepala keluarga dalam berkas.", "Tunjuk kepala keluarganya di SIAK.", True),
    # files
    Problem("BERKAS_KOSONG", "Berkas ini kosong.", "Pilih berkas lain."),
    Problem("BERKAS_BUKAN_CSV", "Berkas ini bukan CSV dan bukan XLSX.", "Simpan data sebagai CSV UTF-8 atau XLSX."),
    Problem("SANDI_TIDAK_DIKENAL", "Sandi huruf berkas ini tidak terbaca.", "Simpan ulang sebagai CSV UTF-8."),
    Problem("JUDUL_TIDAK_ADA", "Baris judul tidak ada atau kolom yang wajib belum dikenal.", "Beri judul kolom pada baris pertama atau pilih kolomnya."),
    Problem("JUDUL_GANDA", "Ada judul kolom yang sama dua kali.", "Beri setiap kolom judul sendiri."),
    Problem("TANDA_KUTIP_TERBUKA", "Ada tanda kutip yang tidak ditutup.", "Tutup tanda kutipnya atau unduh ulang berkasnya."),
    Problem("BERKAS_TERLALU_BESAR", "Berkas ini melebihi batas ukuran.", "Bagi berkas menurut kecamatan, lalu muat satu per satu."),
    Problem("BARIS_TERLALU_BANYAK", "Baris berkas ini melebihi batas.", "Bagi berkas menurut kecamatan, lalu muat satu per satu."),
    Problem("LEMBAR_TERLALU_BESAR", "Lembar kerja ini terlalu besar untuk dibaca.", "Simpan lembar itu sebagai CSV UTF-8."),
)


class BadFile(Exception):
    """The file as a whole cannot be read. `problem` says why; `line` where, when that is known."""

    def __init__(self, code: str, *, line: int = 0, about: str = "") -> None:
        self.problem, self.line, self.about = PROBLEMS[code], line, about
        super().__init__(code)

    @property
    def sentence(self) -> str:
        where = f" (baris {self.line})" if self.line else ""
        what = f" [{self.about}]" if self.about else ""
        return f"{self.problem.says}{what}{where} {self.problem.remedy}"


def plain_heading(text: str) -> str:
    """A heading as it is compared: small letters and digits."""
    return re.sub(r"[^a-z0-9]", "", text.casefold())


_KNOWN = {heading: (field, rank) for field, headings in HEADINGS.items() for rank, heading in enumerate(headings)}


def guess(headings: Sequence[str], saved: Mapping[str, str] | None = None) -> dict[str, str]:
    """Field of ours → heading of theirs: as saved where that heading is there, otherwise by the usual names, the more usual first."""
    found = {field: heading for field, heading in (saved or {}).items() if field in HEADINGS and heading in headings}
    taken = set(found.values())
    ranked: dict[str, tuple[int, str]] = {}
    for heading in headings:
        known = _KNOWN.get(plain_heading(heading))
        if known and known[0] not in found and heading not in taken and (known[0] not in ranked or known[1] < ranked[known[0]][0]):
            ranked[known[0]] = (known[1], heading)
    return {**found, **{field: heading for field, (_rank, heading) in ranked.items()}}


def places_of(headings: Sequence[str], columns: Mapping[str, str]) -> list[int]:
    """For each of FIELDS the number of its column, −1 where the file has none. Raises BadFile when a needed one is missing or a heading is twice."""
    if lacking := [TITLES[field] for field in NEEDED if columns.get(field) not in headings]:
        raise BadFile("JUDUL_TIDAK_ADA", line=1, about=", ".join(lacking))
    used = [heading for heading in columns.values() if heading]
    if any(list(headings).count(heading) > 1 for heading in used):
        raise BadFile("JUDUL_GANDA", line=1)
    return [headings.index(columns[field]) if columns.get(field) in headings else -1 for field in FIELDS]
