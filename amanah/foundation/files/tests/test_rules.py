import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from amanah.foundation.files.rules import KINDS, LONGEST_NAME, clean_name, end_of_jpeg, end_of_png, extension_fits, extension_of, hides_another, sniff
from amanah.foundation.files.tests.factories import pdf, photo

JPEG, PNG, PDF = KINDS["jpeg"], KINDS["png"], KINDS["pdf"]


def test_content_decides_what_a_file_is():
    assert (sniff(photo()), sniff(photo(kind="PNG")), sniff(pdf())) == (JPEG, PNG, PDF)


@pytest.mark.parametrize("content", [
    b"", b"x", b"<html>", b"PK\x03\x04" + b"0" * 60, b"GIF89a" + b"0" * 60, b"  %PDF-1.7 %%EOF", b"\xff\xd8", b"MZ" + b"0" * 90])
def test_anything_else_is_none_of_ours(content):
    assert sniff(content) is None


@given(st.binary(max_size=400))
def test_sniffing_any_bytes_ends_well(content):
    for beginning in (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-"):
        kind = sniff(beginning + content)
        if kind:
            hides_another(kind, beginning + content)
        end_of_jpeg(beginning + content)
        end_of_png(beginning + content)


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("size", [(8, 8), (300, 200)])
def test_the_end_of_a_picture_is_found_whatever_follows(progressive, size):
    noise = Image.effect_noise(size, 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", progressive=progressive, quality=95)
    jpeg = out.getvalue()
    out = io.BytesIO()
    noise.save(out, "PNG")
    png = out.getvalue()
    for tail in (b"", b"\xff\xd9\xff\xd9", b"SEFH" * 100):
        assert end_of_jpeg(jpeg + tail) == len(jpeg)
        assert end_of_png(png + tail) == len(png)
    assert end_of_jpeg(jpeg[:-2]) is None and end_of_png(png[:-1]) is None


@pytest.mark.parametrize("tail", [b"%PDF-1.4 ...", b"PK\x03\x04...", b"<HTML><script>alert(1)</script>", b"<?php echo 1;", b"MZ\x90\x00"])
def test_a_second_format_behind_a_picture_is_seen(tail):
    assert hides_another(JPEG, photo() + tail) and hides_another(PNG, photo(kind="PNG") + b"\n" + tail)


def test_a_second_format_inside_a_picture_is_seen():
    whole = photo()
    comment = b"<script>alert(document.cookie)</script>"
    with_comment = whole[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2) + comment + whole[2:]
    assert sniff(with_comment) == JPEG and hides_another(JPEG, with_comment)


def test_what_cameras_append_is_no_second_format():
    assert not hides_another(JPEG, photo() + b"\0\0SEFT...MotionPhoto_Data")
    assert not hides_another(JPEG, photo() + photo())


@pytest.mark.parametrize("inside", [
    b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>", b"/AA << /S /Launch >>", b"/EmbeddedFiles 3 0 R", b"/RichMedia"])
def test_a_document_that_would_do_something_on_its_own_is_seen(inside):
    assert hides_another(PDF, pdf(inside))


def test_a_plain_document_passes_and_an_archive_behind_it_does_not():
    assert not hides_another(PDF, pdf(b"/JSON (no) /LaunchPad 1"))
    assert hides_another(PDF, pdf() + b"PK\x03\x04") and hides_another(PDF, pdf() + b"PK\x05\x06")


@pytest.mark.parametrize(("name", "extension"), [("a.JPG", "jpg"), ("a.tar.gz", "gz"), (".jpg", ""), ("a", ""), ("a.", ""), ("", "")])
def test_extensions(name, extension):
    assert extension_of(name) == extension


def test_a_name_must_agree_with_the_content_if_it_claims_anything():
    assert extension_fits("KTP.jpeg", JPEG) and extension_fits("KTP", JPEG)
    assert not extension_fits("KTP.png", JPEG) and not extension_fits("x.pdf.exe", PDF)


@pytest.mark.parametrize(("given_name", "shown"), [
    ("C:\\Users\\Rina\\ktp saya.JPEG", "ktp saya.jpg"), ("../../etc/passwd", "passwd.jpg"), ("", "berkas.jpg"), ("...", "berkas.jpg"),
    ("foto\u202egpj.exe", "fotogpj.exe.jpg"), ("a\r\nSet-Cookie: x.jpg", "a Set-Cookie x.jpg"), ("surat  \t pengantar", "surat pengantar.jpg"),
    (".jpg", "jpg.jpg")])
def test_names_are_cleaned(given_name, shown):
    assert clean_name(given_name, JPEG) == shown


@given(st.text(max_size=300), st.sampled_from(sorted(KINDS)))
def test_a_clean_name_is_one_safe_line_of_bounded_length_and_stays_as_it_is(name, kind):
    clean = clean_name(name, KINDS[kind])
    assert 0 < len(clean) <= LONGEST_NAME and clean.endswith("." + KINDS[kind].extensions[0])
    assert not set(clean) & set('/\\:*?"<>|\r\n\t\0') and not clean.startswith((".", " "))
    assert all(unicodedata.category(char) not in ("Cc", "Cf", "Cs") for char in clean)
    assert clean_name(clean, KINDS[kind]) == clean
