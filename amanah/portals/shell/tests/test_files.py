"""Files leave only through the permission and the record; receipts come in only with the provider's signature."""
import json
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from amanah.foundation.access.demo import PREFIX
from amanah.foundation.access.tests import factories as access
from amanah.foundation.acts import permission
from amanah.foundation.acts.registry import PERMISSIONS
from amanah.foundation.audit.models import Entry
from amanah.foundation.files import services
from amanah.foundation.files.tests.factories import pdf, photo
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor, Scope
from amanah.foundation.messages.models import Channel, Delivery, Message, State
from amanah.foundation.wires.signing import SIGNATURE, TIMESTAMP, signature

pytestmark = pytest.mark.django_db
OFFICE = "kota.dinas"


@pytest.fixture(params=["folder", "memory"])
def storage(request, settings, tmp_path):
    """On the local disk, and on a storage without paths (as S3 has none)."""
    backend = ({"BACKEND": "amanah.foundation.files.storage.LocalDisk", "OPTIONS": {"location": str(tmp_path / "files")}} if request.param == "folder"
               else {"BACKEND": "django.core.files.storage.InMemoryStorage"})
    settings.STORAGES = {**settings.STORAGES, "default": backend}
    return default_storage


@pytest.fixture
def reads():
    """The permission that opens the files of these tests; gone afterwards."""
    permission("test.read_files", "Membaca berkas percobaan")
    yield "test.read_files"
    del PERMISSIONS["test.read_files"]


def browser(name, *permissions, office=OFFICE, kind="staff"):
    account = access.account(name, kind, username=f"{PREFIX}{name.lower()}")
    if permissions:
        access.granted(account, access.role(f"role_{name.lower()}", permissions), office=office)
    client = Client()
    assert client.post(reverse("signin_demo", args=[name.lower()])).status_code == 302
    return client, account


def stored(content=b"", *, name="KTP Uni Rina.pdf", owner="cases.case:12", personal=True):
    return services.store(ContentFile(content or pdf(), name=name), by=Actor.system("test"), owner=owner, needs="test.read_files",
                          scope=Scope(office=OFFICE, territory=None), personal=personal)


def address(file):
    return reverse("shell_file", args=[file.pk])


def read_entries():
    return Entry.objects.filter(kind="read")


# ---------------------------------------------------------------- files

def test_a_personal_file_leaves_with_its_purpose_on_record_and_as_a_download(storage, reads):
    client, _account = browser("Dedi", reads)
    file = stored()
    answer = client.get(address(file), {"keperluan": "Memeriksa permohonan"})
    assert b"".join(answer.streaming_content) == pdf() and answer["Content-Length"] == str(len(pdf()))
    assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'" and answer["Cache-Control"] == "private, no-store"
    entry = read_entries().get()
    assert json.loads(entry.body)["purpose"] == "Memeriksa permohonan" and entry.subject == f"files.storedfile:{file.pk}"


def test_a_packed_answer_keeps_its_length(storage, reads):
    client, _account = browser("Dedi", reads)
    answer = client.get(address(stored(photo(900, 700), name="foto.jpg", personal=False)), headers={"Accept-Encoding": "gzip"})
    body = b"".join(answer.streaming_content)
    assert body.startswith(b"\xff\xd8") and answer["Content-Length"] == str(len(body))


def test_somebody_elses_personal_file_is_not_opened_without_a_purpose(storage, reads):
    client, _account = browser("Dedi", reads)
    assert client.get(address(stored())).status_code == 403 and not read_entries().exists()


def test_what_is_not_personal_needs_no_purpose_and_is_not_recorded(storage, reads):
    client, _account = browser("Dedi", reads)
    assert client.get(address(stored(personal=False))).status_code == 200 and not read_entries().exists()


def test_owners_read_their_own_without_permission_and_without_an_entry(storage, reads):
    client, account = browser("Rina", kind="resident")
    answer = client.get(address(stored(owner=account.ref)))
    assert answer.status_code == 200 and b"".join(answer.streaming_content) == pdf() and not read_entries().exists()


def test_a_hidden_file_and_one_that_never_was_look_the_same(storage, reads):
    keys = (stored().pk, uuid4())
    for client in (browser("Budi", reads, office="kota.lain")[0], browser("Rina", kind="resident")[0]):
        answers = [client.get(reverse("shell_file", args=[key]), headers={"X-Request-ID": "sama-saja"}) for key in keys]
        assert [answer.status_code for answer in answers] == [404, 404]
        first, second = (answer.content.decode().replace(str(key), "") for answer, key in zip(answers, keys, strict=True))
        assert first == second
    for key in keys:
        answer = Client().get(reverse("shell_file", args=[key]))
        assert answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))


def test_pictures_show_in_the_page_when_asked_and_documents_never(storage, reads):
    client, _account = browser("Dedi", reads)
    picture, paper = stored(photo(), name="foto.jpg", personal=False), stored(personal=False)
    assert client.get(address(picture), {"lihat": ""})["Content-Disposition"].startswith("inline")
    assert client.get(address(picture))["Content-Disposition"].startswith("attachment")
    assert client.get(address(paper), {"lihat": ""})["Content-Disposition"].startswith("attachment")


def test_a_file_that_the_storage_lost_is_said_to_be_lost_and_not_recorded_as_read(storage, reads):
    client, _account = browser("Dedi", reads)
    file = stored()
    storage.delete(file.path)
    assert client.get(address(file), {"keperluan": "Memeriksa"}).status_code == 503 and not read_entries().exists()


# ---------------------------------------------------------------- receipts

KEY = "kunci-penyedia-sms-untuk-percobaan-0123"
ADDRESS = "/kabar/sms/resi/"


@pytest.fixture
def sending(settings):
    """A message by SMS that the provider accepted, and a key to sign its receipt with."""
    settings.RECEIPT_KEYS = {"sms": KEY, "whatsapp": ""}
    now = clock.now()
    message = Message.objects.create(template="x", language="id", subject="x", body="x", dedupe_key="x", created_at=now)
    return Delivery.objects.create(message=message, channel=Channel.SMS, rank=0, address="+6281234567890", text="x", state=State.SENDING,
                                   provider_ref="ref-1", due_at=now, changed_at=now)


def post(said, *, key=KEY, path=ADDRESS, stamp="", signed=None):
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    stamp = stamp or str(int(clock.now().timestamp()))
    given = signature(key, "POST", path, stamp, body if signed is None else signed)
    return Client(enforce_csrf_checks=True).post(path, body, content_type="application/json", headers={TIMESTAMP: stamp, SIGNATURE: given})


def state(delivery):
    delivery.refresh_from_db()
    return delivery.state


@pytest.mark.parametrize(("status", "becomes"), [("delivered", State.DELIVERED), ("failed", State.PERMANENT)])
def test_a_signed_receipt_ends_the_delivery(sending, status, becomes):
    assert post({"id": "ref-1", "status": status}).status_code == 204 and state(sending) == becomes


def test_a_forged_receipt_changes_nothing(sending):
    said = {"id": "ref-1", "status": "failed"}
    for answer in (post(said, key="kunci lain"), post(said, signed=b'{"id": "ref-2"}'), Client().post(ADDRESS, said, content_type="application/json"),
                   post(said, stamp="abc"), post(said, stamp="9" * 11)):
        assert answer.status_code == 403
    assert state(sending) == State.SENDING


def test_a_receipt_sent_again_changes_nothing_and_grows_stale(sending, clock_at):
    clock_at("2026-11-24 09:40")
    stamp = str(int(clock.now().timestamp()))
    assert post({"id": "ref-1", "status": "delivered"}, stamp=stamp).status_code == 204
    Delivery.objects.filter(pk=sending.pk).update(error="")
    assert post({"id": "ref-1", "status": "failed"}, stamp=stamp).status_code == 204 and state(sending) == State.DELIVERED
    clock_at("2026-11-24 09:46")
    assert post({"id": "ref-1", "status": "failed"}, stamp=stamp).status_code == 403


def test_a_signature_for_one_channel_does_not_serve_another(sending, settings):
    settings.RECEIPT_KEYS = {"sms": KEY, "whatsapp": KEY}
    body, stamp = json.dumps({"id": "ref-1", "status": "failed"}).encode(), str(int(clock.now().timestamp()))
    given = signature(KEY, "POST", "/kabar/whatsapp/resi/", stamp, body)
    assert Client().post(ADDRESS, body, content_type="application/json", headers={TIMESTAMP: stamp, SIGNATURE: given}).status_code == 403


def test_without_a_key_there_is_no_such_address(sending):
    said = {"id": "ref-1", "status": "delivered"}
    assert [post(said, path=f"/kabar/{channel}/resi/", key=key).status_code for channel, key in (("whatsapp", ""), ("email", KEY), ("fax", KEY))] == [404] * 3


def test_too_long_and_meaningless_receipts_are_refused_and_unknown_ones_ignored(sending):
    assert post(b"x" * 4097).status_code == 413
    for nonsense in (b"", b"{", b"[]", b"null", b'{"id": 1}', b"[" * 4000):
        assert post(nonsense).status_code == 400, nonsense
    assert post({"id": "ref-9", "status": "delivered"}).status_code == 204 and post({"id": "ref-1", "status": "?"}).status_code == 204
    assert state(sending) == State.SENDING
    assert Client().get(ADDRESS).status_code == 405
