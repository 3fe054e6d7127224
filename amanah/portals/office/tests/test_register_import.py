"""The pages by which extracts come in."""
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from amanah.foundation.access.tests import factories as access
from amanah.foundation.jobs import outbox
from amanah.registries.people.models import Extract, Person
from amanah.registries.people.tests.factories import territories

from .people import browser, person

pytestmark = pytest.mark.django_db
DEEDS = ("people.bring", "people.map_columns", "people.check", "people.load_extract", "people.undo_extract")
CSV = ("NIK;NO_KK;NAMA_LGKP;JENIS_KLMIN;TGL_LHR;STAT_HBKEL;KODE_WILAYAH\n"
       "1371015705900001;1371010101100001;RINA CONTOH;P;17-05-1990;KEPALA KELUARGA;99.71.01.1001\n"
       "7;1371010101100001;BUDI CONTOH;L;17-05-2010;ANAK;99.71.01.1001\n")


@pytest.fixture
def desk() -> Client:
    territories()
    role = access.role("operator", DEEDS, reach="city")
    return browser(person("Mira Contoh", "operator", {"operator": role}))


def upload(desk: Client, content: str = CSV, **more: Any) -> Any:
    return desk.post(reverse("office_extracts"), {"source": "siak", "position": "2026-06-30", "file": SimpleUploadedFile("data.csv", content.encode()), **more})


def test_from_upload_to_report_and_back(desk: Client) -> None:
    answer = upload(desk)
    one = Extract.objects.get()
    assert answer.status_code == 302 and answer.url == reverse("office_extract", args=[one.pk])
    page = desk.get(answer.url).content.decode()
    assert "RINA CONTOH" not in page and "1371015705900001" not in page and "R•••••••••H" in page
    desk.post(reverse("office_extract_check", args=[one.pk]))
    assert "NIK_SALAH" in desk.get(answer.url).content.decode() and not Person.objects.exists()
    desk.post(reverse("office_extract_load", args=[one.pk]))
    running = desk.get(answer.url).content.decode()
    assert 'http-equiv="refresh"' in running and "<progress" in running
    outbox.drain()
    one.refresh_from_db()
    assert one.state == "done" and Person.objects.count() == 1 and one.report
    assert str(one.report) in desk.get(answer.url).content.decode()
    assert desk.get(reverse("office_extract_undo", args=[one.pk])).status_code == 200
    desk.post(reverse("office_extract_undo", args=[one.pk]), {"reason": "Berkas keliru"})
    one.refresh_from_db()
    assert one.state == "undone" and Person.objects.get().status == 4


def test_a_wrong_file_is_refused_at_its_field(desk: Client) -> None:
    answer = upload(desk, "satu kolom\n1\n")
    assert answer.status_code == 422 and "judul" in answer.content.decode() and not Extract.objects.exists()


def test_columns_are_chosen_once_for_a_source(desk: Client) -> None:
    upload(desk, CSV.replace("NIK;", "NOMOR;", 1))
    one = Extract.objects.get()
    chosen = {"nik": "NOMOR", "kk": "NO_KK", "name": "NAMA_LGKP", "sex": "JENIS_KLMIN", "born": "TGL_LHR", "kelurahan": "KODE_WILAYAH"}
    assert desk.post(reverse("office_extract_columns", args=[one.pk]), chosen).status_code == 302
    one.source.refresh_from_db()
    assert one.source.columns["nik"] == "NOMOR"
