"""The trail as auditors read it: narrowed, paged, with names of staff but never of residents."""
import pytest
from django.urls import reverse

from amanah.foundation.access import services as access_acts
from amanah.foundation.access.tests import factories as access
from amanah.foundation.acts import look
from amanah.foundation.acts.permissions import READ_TRAIL
from amanah.foundation.audit.models import Checkpoint, Entry
from amanah.foundation.kernel.actor import Actor, Scope
from amanah.foundation.kernel.errors import Refused

from .people import KEL_1, browser, text

pytestmark = pytest.mark.django_db
TRAIL, SIGN = reverse("office_trail"), reverse("office_checkpoint")
SYSTEM = Actor.system("test")


@pytest.fixture
def auditor(city):
    return browser(city.auditor)


def open_accounts(city, count, *, kind="staff", prefix="Pegawai"):
    place = access_acts.Place(Scope(office=city.offices["dinas"].path, territory=None))
    return [access_acts.open_account(SYSTEM, place, name=f"{prefix} {n} Contoh", kind=kind, username=f"{prefix}{n}".lower()) for n in range(count)]


def rows(answer):
    return answer.context["table"].rows


def test_a_deed_is_told_as_a_sentence_with_the_names_of_staff(city, auditor):
    city.roles["camat"].permissions = [*city.roles["camat"].permissions, "access.grant"]
    city.roles["camat"].save()
    armen = access.acting(city.camat)
    access_acts.grant(armen, access_acts.Place(Scope(office=city.offices["kel_1"].path, territory=KEL_1)), account=city.lurah_2,
                      role=city.roles["verifikator"], reason="SK 12/2026")
    page = text(auditor.get(TRAIL))
    assert "Armen Contoh" in page and "Memberi Melati Contoh peran Verifikator" in page


def test_names_of_residents_are_never_shown(city, auditor):
    rina = access.acting(city.warga)
    [made] = open_accounts(city, 1, kind="resident", prefix="Rahasia")
    look(SYSTEM, "access.read", city.warga, purpose="Menjawab keluhan")
    with pytest.raises(Refused):
        access_acts.close_account(rina, made, reason="Coba-coba")
    page = text(auditor.get(TRAIL))
    assert "Rina Contoh" not in page and "seorang warga" in page
    assert f"account%3A{city.warga.pk}" in page  # the reference is there, to follow
    for query in ({"oleh": f"account:{city.warga.pk}"}, {"tentang": f"access.account:{made.pk}"}, {"tentang": f"access.account:{city.warga.pk}"}):
        page = text(auditor.get(TRAIL, query))
        assert "Rina Contoh" not in page and "Rahasia 0 Contoh" not in page


def test_a_new_resident_is_not_named_by_the_details_of_a_deed(city, auditor):
    open_accounts(city, 1, kind="resident", prefix="Rahasia")
    assert "Rahasia 0 Contoh" not in text(auditor.get(TRAIL))


def test_the_trail_is_narrowed_by_kind_deed_person_and_thing(city, auditor):
    one, two = open_accounts(city, 2)
    look(access.acting(city.camat), "access.read", city.offices["kec"], purpose="Memeriksa", scope=city.offices["kec"].scope)

    def found(**query):
        return len(rows(auditor.get(TRAIL, query)))

    everything = found()
    assert found(perbuatan="access.open_account") == 2
    assert found(tentang=f"access.account:{one.pk}") == 1 == found(tentang=f"access.account:{two.pk}", jenis="deed")
    assert found(jenis="read") == 1 == found(oleh=city.camat.ref, jenis="read")
    assert found(jenis="refusal") == 0 and found(jenis="tidak-ada") == 0 and everything > 3
    page = text(auditor.get(TRAIL, {"jenis": "refusal"}))
    assert "Tidak ada yang cocok" in page
    assert "Keperluan: Memeriksa" in text(auditor.get(TRAIL, {"jenis": "read"}))


def test_a_page_leads_to_the_next_and_keeps_what_was_asked(city, auditor):
    open_accounts(city, 45)
    first = auditor.get(TRAIL, {"perbuatan": "access.open_account"})
    second = auditor.get(TRAIL + first.context["pager"].next)
    assert (len(rows(first)), len(rows(second))) == (40, 5) and second.context["pager"].next == ""
    subjects = [row[4].href for answer in (first, second) for row in rows(answer)]
    assert len(set(subjects)) == 45
    back = auditor.get(TRAIL + second.context["pager"].previous)
    assert [row[4].href for row in rows(back)] == subjects[:40]
    assert auditor.get(TRAIL, {"dari": "dibuat-buat"}).status_code == 422


def test_a_long_trail_costs_no_more_statements(city, auditor, same_statements):
    number = iter(range(1000))
    same_statements(lambda count: open_accounts(city, count, prefix=f"Orang{next(number)}x"), lambda: auditor.get(TRAIL))


def test_what_an_entry_holds_stays_text(city, auditor):
    open_accounts(city, 1, prefix="<script>x</script>")
    assert "<script>x</script>" not in text(auditor.get(TRAIL))


def test_a_trail_read_within_an_office_shows_that_office_only(city):
    role = access.role("pengawas", (READ_TRAIL,))
    watcher = access.account("Siti Contoh", username="demo.siti")
    access.granted(watcher, role, office=city.offices["kec"].path)
    open_accounts(city, 2)
    assert "Pegawai 0" not in text(browser(watcher).get(TRAIL))
    assert len(rows(browser(watcher).get(TRAIL, {"perbuatan": "access.open_account"}))) == 0


def test_others_find_no_trail(city, client):
    for who in (browser(city.camat), browser(city.pengelola), browser(city.warga), client):
        assert who.get(TRAIL).status_code == 404


# ---------------------------------------------------------------- signing

@pytest.fixture
def signing(settings, tmp_path, city):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    settings.AUDIT_CHECKPOINT_KEY = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    settings.AUDIT_CHECKPOINT_DIR = str(tmp_path)
    city.roles["auditor"].permissions = [*city.roles["auditor"].permissions, "audit.checkpoint"]
    city.roles["auditor"].save()
    return tmp_path


def test_an_auditor_signs_a_checkpoint_and_hands_the_file_on(signing, city):
    client = browser(city.auditor)
    assert "Tanda tangani titik periksa" in text(client.get(TRAIL))
    page = text(client.post(SIGN, follow=True))
    assert Checkpoint.objects.count() == 1 and len(list(signing.iterdir())) >= 1
    assert "sudah ditandatangani" in page and "Titik periksa terakhir nomor" in page
    assert Entry.objects.filter(deed="audit.checkpoint", actor=city.auditor.ref).count() == 1


def test_nobody_else_signs_and_the_attempt_is_recorded(city, auditor):
    assert "Tanda tangani" not in text(auditor.get(TRAIL))
    assert auditor.post(SIGN).status_code == 403
    assert auditor.get(SIGN).status_code == 405
    assert Entry.objects.filter(kind="refusal", deed="audit.checkpoint", actor=city.auditor.ref).exists() and not Checkpoint.objects.exists()


def test_a_page_that_refuses_before_its_act_is_asked_leaves_a_refusal(db, rf):
    """The form of a deed is refused with 403; the record knows of it although no act ran."""
    from amanah.foundation.audit.models import Entry
    from amanah.foundation.kernel.actor import Actor
    from amanah.foundation.kernel.errors import Refused
    from amanah.portals.shell import errors

    request = rf.get("/")
    request.actor = Actor("account:1", "staff", "Dedi Contoh", 1)
    assert errors.answer(request, Refused(needs="access.grant")).status_code == 403
    assert [(entry.kind, entry.deed, entry.actor) for entry in Entry.objects.all()] == [("refusal", "access.grant", "account:1")]
