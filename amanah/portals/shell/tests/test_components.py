"""What the components promise without a browser: beads, initials, tables, labels that do not overlap, series that do not lie."""
import pytest
from django import forms
from django.template import Context, Template
from shapely.geometry import Polygon, box

from amanah.portals.shell.charts import Bar, Bars, Dot, Lines, Pyramid, Run, decimal
from amanah.portals.shell.components import Break, Cell, Clock, Column, Event, Person, Steps, Table
from amanah.portals.shell.drawing import Area, Spot, still_map


def drawn(source: str, **values: object) -> str:
    return Template("{% load shell %}" + source).render(Context(values))


@pytest.mark.parametrize(("clock", "beads"), [
    (Clock("running", "", "", 5, 2.5), ["u", "u", "n", "", ""]),
    (Clock("running", "", "", 5, 0), ["", "", "", "", ""]),
    (Clock("soon", "", "", 3, 3), ["u", "u", "u"]),
    (Clock("late", "", "", 3, 3, 2), ["u", "u", "u", "limit", "x", "x"]),
    (Clock("late", "", "", 3, 7, 2), ["u", "u", "u", "limit", "x", "x"]),
    (Clock("running", "", ""), []),
])
def test_one_bead_for_each_promised_working_day(clock, beads):
    assert clock.beads == beads


def test_beyond_twenty_days_a_bead_stands_for_five():
    clock = Clock("late", "", "", 28, 28, 7)
    assert clock.grouped
    assert clock.beads == ["u"] * 5 + ["n", "limit", "x", "x"]
    assert not Clock("running", "", "", 20, 1).grouped


def test_a_clock_says_in_words_what_the_beads_show():
    page = drawn("{% clock c %}", c=Clock("late", "Terlambat 2 hari kerja", "Janji: Jumat", 3, 3, 2))
    assert "Terlambat 2 hari kerja" in page and "Janji: Jumat" in page
    assert 'class="beads" aria-hidden="true"' in page


@pytest.mark.parametrize(("name", "initials"), [("Rina Contoh", "RC"), ("Marlis", "M"), ("Siti Nur Aini", "SA"), ("", "")])
def test_a_person_without_a_picture_has_initials(name, initials):
    assert Person(name).initials == initials


def test_a_table_has_a_caption_and_names_its_rows():
    table = Table("Kantor", (Column("Nama", head=True), Column("Orang", "r")), (("A", "3"), Break("jangan dibandingkan"), (Cell("B", href="/b/"), "4")))
    page = drawn("{% datatable t %}", t=table)
    assert "<caption>Kantor</caption>" in page
    assert '<th scope="row">A</th>' in page and '<th scope="row"><a href="/b/">B</a></th>' in page
    assert '<td colspan="2">jangan dibandingkan</td>' in page


def test_a_row_that_does_not_fit_its_columns_is_a_mistake():
    with pytest.raises(ValueError, match="shorter"):
        Table("Kantor", (Column("Nama"), Column("Orang")), (("A",),)).lines  # noqa: B018


def test_an_empty_table_says_so():
    assert "Belum ada isinya." in drawn("{% datatable t %}", t=Table("Kantor", (Column("Nama"),), ()))


def test_texts_of_components_are_never_markup():
    evil = "<b>x</b>"
    page = drawn("{% chip e %}{% note e %}{% timeline t %}{% empty e text=e %}{% icon e label=e %}", e=evil, t=[Event(evil, evil, evil)])
    assert "<b>" not in page


def test_steps_are_told_and_drawn():
    page = drawn("{% stepper s %}", s=Steps(("Satu", "Dua", "Tiga"), 2))
    assert "Langkah 2 dari 3: Dua" in page
    assert page.count("<li") == 3 and 'class="here"' in page


# ---------------------------------------------------------------- forms

class Permit(forms.Form):
    rt = forms.RegexField(r"^\d{3}$", label="RT", help_text="Lihat di kartu keluarga.", error_messages={"invalid": "Isi dengan tiga angka, misalnya 003."})
    use = forms.ChoiceField(label="Untuk apa?", choices=[("a", "Sekolah"), ("b", "Bank")], widget=forms.RadioSelect, error_messages={"required": "Pilih satu."})
    note = forms.CharField(label="Catatan", required=False)
    agree = forms.BooleanField(label="Benar", required=False)


def test_a_field_joins_label_hint_error_and_control():
    page = drawn("{% for f in form %}{% field f %}{% endfor %}", form=Permit({"rt": "3a"}))
    assert '<label class="form-label" for="id_rt">RT' in page
    assert 'aria-describedby="id_rt-petunjuk id_rt-galat"' in page and 'aria-invalid="true"' in page
    assert 'id="id_rt-galat"' in page and "Isi dengan tiga angka, misalnya 003." in page
    assert 'value="3a"' in page, "what was typed stays"
    assert "<fieldset" in page and "<legend" in page and page.count('type="radio"') == 2
    assert "(boleh kosong)" in page


def test_the_summary_leads_to_every_field_that_is_wrong():
    page = drawn("{% error_summary form %}", form=Permit({"rt": "3a"}))
    assert "Galat: 2 hal yang perlu diperbaiki" in page
    assert '<a href="#id_rt">' in page and '<a href="#id_use' in page
    assert 'role="alert"' in page
    assert drawn("{% error_summary form %}", form=Permit({"rt": "003", "use": "a"})).strip() == ""


# ---------------------------------------------------------------- maps

def test_north_is_up_and_east_is_right():
    drawing = still_map("Peta", [Area("Barat daya", box(0, 0, 1, 1)), Area("Timur laut", box(1, 1, 2, 2))])
    at = {label.lines[0][1]: (label.x, label.lines[0][0]) for label in drawing.labels}
    assert at["Barat daya"][0] < at["Timur laut"][0]
    assert at["Barat daya"][1] > at["Timur laut"][1]


def test_labels_never_overlap_and_never_leave_the_map():
    areas = [Area(f"Kelurahan Nomor {n}", box(n % 4, n // 4, n % 4 + 1, n // 4 + 1)) for n in range(16)]
    drawing = still_map("Peta", areas, label_size=16)
    assert len(drawing.labels) >= 8
    boxes = []
    for label in drawing.labels:
        half = max(len(words) for _y, words in label.lines) * 16 * .29
        boxes.append((label.x - half, label.lines[0][0] - 15, label.x + half, label.lines[-1][0] + 3))
    assert all(b[0] >= 0 and b[2] <= drawing.width for b in boxes)
    assert not [(a, b) for n, a in enumerate(boxes) for b in boxes[n + 1:] if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]]


def test_every_area_is_drawn_named_and_linked():
    drawing = still_map("Peta", [Area("Satu", box(0, 0, 1, 1), href="/satu/"), Area("Dua", Polygon([(1, 0), (2, 0), (2, 1)]))], [Spot("Kantor", (0.5, 0.5))])
    page = drawn("{% stillmap m caption='Dua wilayah.' table='/tabel/' %}", m=drawing)
    assert page.count("<path class=\"map-land") == 2
    assert '<a href="/satu/" aria-label="Satu">' in page and "<title>Dua</title>" in page
    assert "Batas perkiraan." in page and 'href="/tabel/"' in page
    assert "style=" not in page


def test_official_boundaries_are_not_called_approximate():
    page = drawn("{% stillmap m %}", m=still_map("Peta", [Area("Satu", box(0, 0, 1, 1))], approximate=False))
    assert "perkiraan" not in page


def test_a_map_without_areas_is_empty_and_does_not_fail():
    assert still_map("Peta", []).shapes == ()


# ---------------------------------------------------------------- charts

@pytest.mark.parametrize(("value", "places", "said"), [(1284, 0, "1.284"), (3.24, 2, "3,24"), (1234567.5, 1, "1.234.567,5"), (0, 0, "0")])
def test_numbers_are_written_the_indonesian_way(value, places, said):
    assert decimal(value, places) == said


def test_a_bar_hatches_exactly_what_is_missing():
    rows = list(Bars("x", (Bar("a", 80, "80%", 90), Bar("b", 95, "95%", 90), Bar("c", 50, "50%")), most=100).drawn)
    assert [(row["end"], row["mark"], row["missing"]) for row in rows] == [(400, 450, 50), (475, 450, 0), (250, None, 0)]


def test_a_bar_never_leaves_its_scale():
    assert next(Bars("x", (Bar("a", 130, "130%", 100),), most=100).drawn)["end"] == 500


LINES = Lines("Indeks", (Run("lama", (Dot("2019", 2.78, 3.0), Dot("2020", 2.96, 3.0))),
                         Run("baru", (Dot("2022", 2.61, 3.0), Dot("2023", 2.94, 3.1)))), reason="berganti")


def test_a_series_is_never_joined_across_a_break():
    found = LINES.drawn
    assert len(found["paths"]) == 2 and len(found["targets"]) == 2 and len(found["bands"]) == 1
    before, after = (marks["x"] for marks in found["marks"] if marks["label"] in ("2020", "2022"))
    assert before < found["bands"][0] < after


def test_higher_values_stand_higher_and_all_stay_inside():
    marks = sorted(LINES.drawn["marks"], key=lambda m: float(m["said"].replace(",", ".")))
    assert [m["y"] for m in marks] == sorted((m["y"] for m in marks), reverse=True)
    assert all(LINES.TOP <= m["y"] <= LINES.FOOT for m in marks)


def test_every_chart_has_a_twin_with_the_same_numbers():
    page = drawn("{% linechart l %}{% barchart b %}", l=LINES, b=Bars("Capaian", (Bar("a", 80, "80%", 90),), most=100))
    for number in ("2,78", "2,96", "2,61", "2,94", "80%", "90%", "−10"):
        assert number in page
    assert page.count("<table") == 2 and "berganti" in page


def test_bars_from_a_flat_series_do_not_fail():
    assert Lines("x", (Run("a", (Dot("2024", 3.0), Dot("2025", 3.0))),)).drawn["marks"]


def test_a_pyramid_stands_on_the_youngest_and_says_what_it_hides():
    value = Pyramid("Umur", "Laki-laki", "Perempuan", (("0–4", 300, 150), ("5–9", 120, None)))
    drawing = value.drawn
    young, old = drawing["bars"]
    assert young["y"] > old["y"] and young["left"] == 2 * young["right"] and old["right"] == 0
    assert young["left_x"] + young["left"] == value.HALF, "bars grow from the middle"
    page = drawn("{% pyramid p %}", p=value)
    assert "<td class=\"r\">&lt;5</td>" in page and "300" in page and 'role="img"' in page
    assert Pyramid("Umur", "L", "P", (("0–4", 0, 0),)).drawn["bars"][0]["left"] == 0
