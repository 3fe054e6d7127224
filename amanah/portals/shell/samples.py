"""What the gallery shows: every component with invented people ("Contoh") and invented numbers."""
from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from shapely.geometry import Polygon

from amanah.portals.shell.charts import Bar, Bars, Dot, Lines, Pyramid, Run
from amanah.portals.shell.components import STATUS, Cell, Chip, Clock, Column, Event, Figure, Filter, Option, Pager, Person, Stage, Steps, Table
from amanah.portals.shell.drawing import Area, Spot, still_map

RAMPS = ((_("Laut: tindakan, tautan"), "primary"), (_("Arang dan kertas"), "neutral"), (_("Daun: selesai"), "success"), (_("Kunyit: hampir lewat"), "warning"),
         (_("Saga: lewat, salah"), "danger"), (_("Langit: sedang berjalan"), "info"), (_("Lembayung: menunggu Anda"), "pause"))
STEPS = (25, 50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 950)


class SampleForm(forms.Form):
    """A form with one field of each kind, sent empty so that the gallery shows errors too."""

    name = forms.CharField(label="Nama usaha", help_text="Seperti di papan nama.", widget=forms.TextInput(attrs={"autocomplete": "organization"}))
    phone = forms.RegexField(r"^08\d{8,11}$", label="Nomor ponsel", widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
                             error_messages={"invalid": "Nomor ini kurang satu angka. Mulai dengan 08."})
    village = forms.ChoiceField(label="Kelurahan", choices=[("", "Pilih kelurahan"), ("1", "Contoh Barat"), ("2", "Contoh Timur")], required=False)
    whom = forms.ChoiceField(label="Untuk siapa?", choices=[("me", "Untuk saya sendiri"), ("family", "Untuk anggota keluarga")],
                             widget=forms.RadioSelect, error_messages={"required": "Pilih satu."})
    agree = forms.BooleanField(label="Isian saya benar", required=False)


def clocks() -> list[Clock]:
    return [
        Clock("running", "Sisa 3 hari kerja", "Paling lambat Jumat, 27 Nov", 5, 2.5),
        Clock("soon", "Jatuh tempo hari ini", "Pukul 16.00 WIB", 5, 4.5),
        Clock("late", "Terlambat 2 hari kerja", "Janji: Jumat, 20 Nov. Kepala dinas sudah diberi tahu.", 5, 5, 2),
        Clock("paused", "Waktu dihentikan", "Menunggu jawaban Anda sejak 20 Nov", 5, 2),
        Clock("done", "Selesai dalam 2 hari kerja", "3 hari lebih cepat dari janji", 5, 2),
        Clock("running", "Sisa 18 hari kerja", "Paling lambat Jumat, 18 Des", 28, 10),
        Clock("soon", "Sisa 1 jam 25 menit kerja", "Paling lambat hari ini, 11.05"),
    ]


def timeline() -> list[Event]:
    return [Event("Permohonan masuk", "Senin, 23 Nov, 10.12"), Event("Diperiksa kelurahan", "Senin, 23 Nov, 13.40", "Dedi Contoh", icon="eye-check"),
            Event("Menunggu tanda tangan Lurah", "sejak Selasa, 09.05", icon="writing-sign", state="now"), Event("Surat terbit", icon="file-check", state="next")]


def table() -> Table:
    return Table("Kantor contoh", (Column("Kantor", head=True), Column("Status"), Column("Pegawai", "r"), Column("Jam hari ini")), (
        (Cell("Kelurahan Contoh Barat", note="Kecamatan Misal"), Cell("", chip=STATUS["open"]), "12", "07.30–16.00"),
        (Cell("Kelurahan Contoh Timur", note="Kecamatan Misal"), Cell("", chip=STATUS["closed"]), "9", "07.30–16.00"),
        (Cell("Dinas Umpama"), Cell("", chip=STATUS["unconfirmed"]), "1.204", "07.30–16.00")))


def sample_map():
    """Five invented territories around a bay."""
    cells = {"Ujung Karang": [(0, 0), (4, 1), (5, 4), (1, 5)], "Pasa Usang": [(4, 1), (9, 0), (9, 3), (5, 4)], "Bukit Misal": [(1, 5), (5, 4), (6, 8), (2, 9)],
             "Contoh Timur": [(5, 4), (9, 3), (11, 7), (6, 8)], "Lubuk Umpama": [(2, 9), (6, 8), (11, 7), (10, 11), (4, 12)]}
    areas = [Area(name, Polygon(points), tone=f"q{n}", detail=f"{n * 13} laporan") for n, (name, points) in enumerate(cells.items(), 1)]
    return still_map(_("Peta contoh lima wilayah"), areas, [Spot("Kantor contoh", (3, 2.5))], most_height=420)


def bars() -> Bars:
    return Bars(_("Enam dimensi terhadap target (angka contoh)"), (
        Bar("Tata kelola", 88, "88%", 90, "kurang 2 poin"), Bar("Ekonomi", 64, "64%", 80, "kurang 16 poin"), Bar("Kehidupan", 82, "82%", 80, "tercapai"),
        Bar("Masyarakat", 85, "85%", 85, "tercapai"), Bar("Lingkungan", 58, "58%", 78, "kurang 20 poin")), most=100)


def lines() -> Lines:
    return Lines(_("Indeks contoh 2019 sampai 2025"), (
        Run("35 indikator", (Dot("2019", 2.78, 3.0), Dot("2020", 2.96, 3.0))),
        Run("47 indikator", (Dot("2022", 2.61, 3.0), Dot("2023", 2.94, 3.1), Dot("2024", 3.12, 3.2), Dot("2025", 3.24, 3.3)))),
        reason="Cara ukur berganti pada 2021, dari 35 ke 47 indikator. Nilai sebelum dan sesudahnya tidak bisa dibandingkan.")


def pyramid() -> Pyramid:
    men = (4120, 4310, 4280, 4405, 4210, 3980, 3760, 3540, 3310, 2960, 2480, 1940, 1310, 720, 310, None)
    women = (3980, 4150, 4120, 4290, 4180, 4010, 3820, 3600, 3390, 3080, 2610, 2120, 1520, 910, 480, 260)
    ages = [*(f"{first}–{first + 4}" for first in range(0, 75, 5)), "75+"]
    return Pyramid(_("Penduduk contoh menurut umur"), _("Laki-laki"), _("Perempuan"), tuple(zip(ages, men, women, strict=True)))


def all_of_them() -> dict[str, object]:
    """The context of the gallery."""
    form = SampleForm({"name": "Warung Contoh", "phone": "0812000"}, auto_id="contoh_%s")
    return {
        "ramps": [(label, name, STEPS) for label, name in RAMPS], "status_codes": list(STATUS), "late": Chip("Lewat janji 2 hari", "bad", "clock-exclamation"),
        "clocks": clocks(), "timeline": timeline(), "person": Person("Rina Contoh", "1371••••••••••01 · Contoh Barat, RT 003 RW 011"),
        "table": table(), "filters": [Filter("tahun", _("Tahun"), (Option("2026", "2026", True), Option("2025", "2025"))), Filter("cari", _("Cari"))],
        "pager": Pager(previous="?sebelum=a", next="?sesudah=b", shown="Kelurahan A sampai M"),
        "steps": Steps(("Untuk siapa", "Alamat dan keperluan", "Berkas", "Periksa"), 2, "Surat keterangan domisili"),
        "stages": [Stage("Isi", "Anda, 5 menit"), Stage("Diperiksa", "Kelurahan, 1 hari kerja"), Stage("Ditandatangani", "Lurah, 1 hari kerja"),
                   Stage("Terbit", "Anda mendapat pesan")],
        "form": form, "map": sample_map(), "bars": bars(), "lines": lines(), "pyramid": pyramid(), "home": reverse("shell_gallery"),
        "figure": Figure("penilaian contoh", "30 Sep 2026", method="Rata-rata nilai 24 indikator, skala 0 sampai 100."),
    }
