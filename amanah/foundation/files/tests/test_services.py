import errno
import hashlib
import io
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from PIL import Image, ImageCms

from amanah.foundation.files import images, queries, services, tasks, upkeep
from amanah.foundation.files.models import StoredFile
from amanah.foundation.files.tests.factories import LUBUK, bomb, pdf, photo, resident, staff
from amanah.foundation.jobs.registry import schedule
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import PUBLIC, Scope
from amanah.foundation.kernel.errors import Invalid, NotFound, Unavailable


def store(content, name="ktp.jpg", **options):
    given = {"by": resident(), "owner": "cases.case:12", "needs": "cases.read", "scope": LUBUK, **options}
    return services.store(SimpleUploadedFile(name, content), **given)


def read(file):
    with queries.open_for(staff("cases.read"), file) as stream:
        return stream.read()


def refusal(content, name="ktp.jpg", **options):
    with pytest.raises(Invalid) as caught:
        store(content, name, **options)
    assert caught.value.fields == ["file"] and not StoredFile.objects.exists()
    return caught.value.details["file"]


# ---------------------------------------------------------------- what is stored

@pytest.mark.django_db
def test_a_document_is_stored_as_it_came_with_everything_said_about_it(storage, clock_at):
    now = clock_at("2026-11-24 09:40")
    file = store(pdf(), "Surat Pengantar.PDF", keep_until=date(2031, 1, 1))
    file.refresh_from_db()
    assert read(file) == pdf()
    assert (file.name, file.kind, file.size, file.sha256) == ("Surat Pengantar.pdf", "pdf", len(pdf()), hashlib.sha256(pdf()).hexdigest())
    assert (file.owner, file.needs, file.scope, file.created_by, file.created_at) == ("cases.case:12", "cases.read", LUBUK, "account:1", now)
    assert file.personal and file.keep_until == date(2031, 1, 1) and file.path == f"stored/2026/11/{file.pk}.pdf"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_photograph_loses_place_and_camera_and_stands_upright(storage, kind):
    before = photo(64, 32, kind=kind)
    assert Image.open(io.BytesIO(before)).getexif().get_ifd(0x8825)
    file = store(before, f"rumah.{kind.lower()}")
    after = read(file)
    image = Image.open(io.BytesIO(after))
    assert image.size == (32, 64) and not image.getexif() and "exif" not in image.info
    assert b"Kamera Rina" not in after and b"Exif" not in after and b"eXIf" not in after
    top, bottom = image.convert("RGB").getpixel((16, 5)), image.convert("RGB").getpixel((16, 60))
    assert top[1] < 60 and bottom[1] > 200  # red was on the left; turned upright it is on top
    assert file.sha256 == hashlib.sha256(after).hexdigest() and file.size == len(after)


@pytest.mark.django_db
def test_what_a_camera_appends_is_dropped(storage):
    assert b"MotionPhoto" not in read(store(photo() + b"MotionPhoto_Data" * 99))


@pytest.mark.django_db
def test_large_photographs_are_made_smaller_when_asked(storage):
    assert Image.open(io.BytesIO(read(store(photo(4000, 1000, turned=False), long_side=1600)))).size == (1600, 400)
    assert Image.open(io.BytesIO(read(store(photo(200, 100, turned=False), long_side=1600)))).size == (200, 100)


@pytest.mark.django_db
def test_a_colour_profile_is_kept_and_other_inks_become_plain_colours(storage):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert Image.open(io.BytesIO(read(store(photo(profile=profile))))).info["icc_profile"] == profile
    assert Image.open(io.BytesIO(read(store(photo(mode="CMYK"))))).mode == "RGB"


@pytest.mark.django_db
def test_transparency_of_a_drawing_survives(storage):
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(out, "PNG")
    assert Image.open(io.BytesIO(read(store(out.getvalue(), "cap.png")))).getpixel((0, 0))[3] == 0


# ---------------------------------------------------------------- what is refused

@pytest.mark.django_db
def test_what_may_not_be_stored_is_refused_with_a_sentence_that_says_what_to_do(storage):
    assert refusal(b"") == "File ini kosong. Pilih file lain."
    assert refusal(b"<html>halo</html>") == "File ini tidak dapat diterima. Kirim foto JPG, gambar PNG, atau dokumen PDF."
    assert refusal(pdf(), "a.pdf", kinds=("jpeg",)) == "File ini tidak dapat diterima. Kirim foto JPG."
    assert refusal(pdf(), "ktp.jpg") == "Nama file berakhiran .jpg, tetapi isinya dokumen PDF. Kirim file aslinya."
    assert "tidak aman" in refusal(photo() + b"%PDF-1.7") and "tidak aman" in refusal(pdf(b"/JavaScript (x)"), "a.pdf")
    assert "tidak lengkap" in refusal(pdf()[:-8], "a.pdf")
    assert "rusak" in refusal(photo(400, 400)[:-300]) and "rusak" in refusal(photo(400, 400)[:200])


@pytest.mark.django_db
def test_a_picture_that_would_unpack_beyond_measure_is_refused_before_it_is_unpacked(storage, monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("unpacked"))
    assert "megapiksel" in refusal(bomb(9_000), "a.png") and "rusak" in refusal(bomb(30_000), "a.png")


@pytest.mark.django_db
def test_of_a_file_that_is_too_large_not_more_than_one_byte_beyond_the_limit_is_read(storage):
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size=-1):
            assert size > 0
            self.given += size
            return b"\xff" * size

    source = Endless()
    with pytest.raises(Invalid, match="perbaiki") as caught:
        services.store(source, by=resident(), owner="x", needs="y", scope=LUBUK, limit=3 * 1024 * 1024)
    assert caught.value.details["file"] == "File ini terlalu besar. Paling besar 3 MB." and source.given == 3 * 1024 * 1024 + 1


@pytest.mark.django_db
def test_exactly_the_limit_is_not_too_large(storage):
    assert store(pdf(), "a.pdf", limit=len(pdf())).size == len(pdf())
    with pytest.raises(Invalid):
        store(pdf(), "a.pdf", limit=len(pdf()) - 1)


@pytest.mark.django_db
@pytest.mark.parametrize(("number", "words"), [(errno.ENOSPC, "penuh"), (errno.EDQUOT, "penuh"), (errno.EIO, "bermasalah")])
def test_a_full_or_broken_disk_is_a_sentence_and_nothing_is_left_behind(tmp_path, settings, monkeypatch, number, words):
    disk = {"BACKEND": "amanah.foundation.files.storage.LocalDisk", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": disk}

    def fails(descriptor):
        raise OSError(number, "disk")

    monkeypatch.setattr("amanah.foundation.files.storage.os.fsync", fails)
    with pytest.raises(Unavailable, match=words) as caught:
        store(pdf(), "a.pdf")
    assert not caught.value.permanent and not StoredFile.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


# ---------------------------------------------------------------- who opens what

@pytest.mark.django_db
def test_a_file_opens_for_whoever_holds_the_permission_where_it_belongs(storage):
    file = store(pdf(), "a.pdf")
    beyond = Scope(office="kelurahan.lain", territory="13.71.02")
    for actor, allowed in ((staff("cases.read"), True), (staff("cases.write"), False), (staff("cases.read", scope=beyond), False), (PUBLIC, False),
                           (resident(1), False), (staff("cases.read", scope=Scope(office="kelurahan", territory="13.71")), True)):
        assert queries.may_open(actor, file) is allowed
        if allowed:
            assert queries.find(actor, str(file.pk)) == file and queries.of_owner(actor, "cases.case:12") == [file]
        else:
            assert queries.of_owner(actor, "cases.case:12") == []
            with pytest.raises(NotFound):
                queries.find(actor, file.pk)
            with pytest.raises(NotFound), queries.open_for(actor, file):
                pass


@pytest.mark.django_db
def test_a_file_that_belongs_to_an_account_opens_for_that_account(storage):
    file = store(pdf(), "a.pdf", owner="account:1")
    assert queries.may_open(resident(1), file) and not queries.may_open(resident(2), file) and not queries.may_open(PUBLIC, file)
    file.owner = "public"
    assert not queries.may_open(PUBLIC, file)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["not-a-uuid", "00000000-0000-4000-8000-000000000000", ""])
def test_an_unknown_file_is_not_found(name):
    with pytest.raises(NotFound):
        queries.find(staff("cases.read"), name)


@pytest.mark.django_db
def test_a_file_that_the_storage_lost_is_a_sentence(storage):
    file = store(pdf(), "a.pdf")
    storage.delete(file.path)
    with pytest.raises(Unavailable, match="tidak ada") as caught, queries.open_for(staff("cases.read"), file):
        pass
    assert caught.value.permanent


@pytest.mark.django_db
def test_downloads_are_saved_and_never_run(storage):
    headers = queries.response_headers(store(pdf(), "Surat é\r\nX: 1.pdf"))
    assert headers["Content-Disposition"].startswith("attachment") and "\n" not in headers["Content-Disposition"]
    assert headers["Content-Type"] == "application/pdf" and headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert queries.response_headers(store(pdf(), "a.pdf"), inline=True)["Content-Disposition"].startswith("attachment")
    assert queries.response_headers(store(photo()), inline=True)["Content-Disposition"].startswith("inline")


# ---------------------------------------------------------------- upkeep

@pytest.mark.django_db
def test_verification_names_what_is_missing_changed_and_without_a_row(storage, capsys):
    good, gone, edited = (store(pdf(), "a.pdf") for _ in range(3))
    storage.delete(gone.path)
    storage.delete(edited.path)
    storage.save(edited.path, ContentFile(pdf(b"/Edited 1")))
    storage.save("stored/2026/01/left-over.pdf", ContentFile(b"x"))
    storage.save("elsewhere/own.txt", ContentFile(b"x"))
    assert {(finding.what, finding.file_id) for finding in upkeep.verify()} == {("missing", str(gone.pk)), ("changed", str(edited.pk))}
    with clock.fixed(clock.now() + timedelta(days=2)):
        assert [finding.path for finding in upkeep.verify() if finding.what == "orphan"] == ["stored/2026/01/left-over.pdf"]
        with pytest.raises(CommandError, match="3 files, 1 missing, 1 changed, 1 without a row"):
            call_command("files_verify", "--sweep")
    assert not storage.exists("stored/2026/01/left-over.pdf") and storage.exists("elsewhere/own.txt") and storage.exists(good.path)
    assert "left-over" in capsys.readouterr().out


@pytest.mark.django_db
def test_verification_of_an_empty_storage_finds_nothing(storage):
    assert list(upkeep.verify()) == [] and upkeep.sweep_orphans() == 0
    call_command("files_verify")


@pytest.mark.django_db(transaction=True)
def test_a_file_of_a_deed_that_was_rolled_back_is_swept_after_a_day(storage):
    with pytest.raises(Invalid), transaction.atomic():
        path = store(pdf(), "a.pdf").path
        raise Invalid()
    assert not StoredFile.objects.exists() and storage.exists(path) and upkeep.sweep_orphans() == 0
    with clock.fixed(clock.now() + timedelta(days=2)):
        assert upkeep.sweep_orphans() == 1
    assert not storage.exists(path)


@pytest.mark.django_db(transaction=True)
def test_removal_takes_the_bytes_only_when_it_is_committed(storage):
    file = store(pdf(), "a.pdf")
    with pytest.raises(Invalid), transaction.atomic():
        services.remove(StoredFile.objects.get())
        raise Invalid()
    assert storage.exists(file.path) and StoredFile.objects.exists()
    services.remove(StoredFile.objects.get())
    assert not storage.exists(file.path) and not StoredFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_files_are_removed_when_their_time_is_over_and_not_before(storage, clock_at):
    clock_at("2026-11-24 09:40")
    store(pdf(), "a.pdf", keep_until=date(2026, 11, 24))
    old = store(pdf(), "a.pdf", keep_until=date(2026, 11, 23))
    store(pdf(), "a.pdf")
    assert upkeep.remove_expired() == 1 and not storage.exists(old.path) and StoredFile.objects.count() == 2


def test_a_picture_of_many_pixels_is_read_small_at_once():
    picture = images.rewrite(services.rules.KINDS["jpeg"], photo(6000, 4000, turned=False), long_side=1600)
    assert (picture.width, picture.height) == (1600, 1067)


@pytest.mark.django_db(transaction=True)
def test_every_night_both_are_cleared_away(storage, clock_at):
    clock_at("2026-11-24 09:40")
    old = store(pdf(), "a.pdf", keep_until=date(2026, 11, 23))
    storage.save("stored/2026/01/left-over.pdf", ContentFile(b"x"))
    assert "amanah.foundation.files.tasks.clear_away" in schedule()
    with clock.fixed(clock.now() + timedelta(days=40)):
        tasks.clear_away()
    assert not storage.exists(old.path) and not storage.exists("stored/2026/01/left-over.pdf")


# ---------------------------------------------------------------- what the program made

@pytest.mark.django_db
def test_what_the_program_made_is_kept_as_it_is_and_belongs_to_one_account(storage):
    owner = resident()
    file = services.keep(b"PK\x03\x04isi", name="Salinan: data/saya", kind="zip", by=owner, owner=owner.ref, needs="people.open_own", scope=LUBUK)
    assert (file.name, file.size, file.personal) == ("saya.zip", 7, True)
    assert queries.find(owner, file.pk) == file
    with pytest.raises(NotFound):
        queries.find(staff("cases.read"), file.pk)
    assert "ZIP" not in refusal_of_zip()


def refusal_of_zip():
    with pytest.raises(Invalid) as caught:
        store(b"PK\x03\x04" + b"0" * 64, "arsip.zip")
    return caught.value.details["file"]
