"""What people are told about their account and what they may do: the texts, in both languages, and who says what a scope is called."""
from collections.abc import Callable

from django.utils.translation import gettext as _

from amanah.foundation.kernel.actor import Scope
from amanah.foundation.messages.models import Channel
from amanah.foundation.messages.templates import Template, Text, declare

HOME = "/beranda-saya/"  # leads everybody to their own first page
IF_WRONG = ("Jika ini keliru, jangan memakainya dan hari ini juga beri tahu admin kantor Anda.",
            "If this is wrong, do not use it and tell your office's administrator today.")

OPENED = declare(Template(
    "access.account_opened", channels=(Channel.EMAIL,), link=HOME,
    texts={"id": Text("Akun Anda sudah dibuka", "Selamat datang, {name}.\nPasang dulu bukti kedua (aplikasi atau kunci sandi). Tanpa itu wewenang Anda belum berlaku."
                      "\nPeran Anda diberikan admin kantor, dan dikabarkan di sini."),
           "en": Text("Your account is open", "Welcome, {name}.\nSet up a second proof first (an app or a passkey). Without it you hold nothing yet."
                      "\nYour office's administrator gives you your role; you will read about it here.")},
    example={"name": "Yusra Contoh"}))

GRANTED = declare(Template(
    "access.granted", channels=(Channel.EMAIL,), link=HOME,
    texts={"id": Text("Anda diberi peran {role}", f"Di: {{where}}\nBerlaku: {{span}}\nDiberikan oleh: {{by}}\nAlasan: {{reason}}\n{IF_WRONG[0]}"),
           "en": Text("You were given the role {role}", f"Where: {{where}}\nValid: {{span}}\nGiven by: {{by}}\nReason: {{reason}}\n{IF_WRONG[1]}")},
    example={"role": "Lurah", "where": "Kelurahan Contoh", "span": "sejak 24 Nov 2026, tanpa batas waktu", "by": "Armen Contoh", "reason": "SK 12/2026"}))

REVOKED = declare(Template(
    "access.revoked", channels=(Channel.EMAIL,), link=HOME,
    texts={"id": Text("Peran {role} Anda berakhir", "Di: {where}\nDiakhiri oleh: {by}\nAlasan: {reason}\n"
                      "Pekerjaan yang belum selesai serahkan kepada pengganti Anda. Jika ini keliru, beri tahu admin kantor Anda."),
           "en": Text("Your role {role} has ended", "Where: {where}\nEnded by: {by}\nReason: {reason}\n"
                      "Hand unfinished work to your successor. If this is wrong, tell your office's administrator.")},
    example={"role": "Lurah", "where": "Kelurahan Contoh", "by": "Armen Contoh", "reason": "Pindah tugas"}))

MANDATE_GIVEN = declare(Template(
    "access.mandate_given", channels=(Channel.EMAIL,), link=HOME,
    texts={"id": Text("Anda ditunjuk sebagai {kind} {position}",
                      f"Di: {{where}}\nBerlaku: {{span}}\nDasar: {{basis}}\nDitunjuk oleh: {{by}}\nAlasan: {{reason}}\n{IF_WRONG[0]}"),
           "en": Text("You were appointed {kind} {position}",
                      f"Where: {{where}}\nValid: {{span}}\nLegal basis: {{basis}}\nAppointed by: {{by}}\nReason: {{reason}}\n{IF_WRONG[1]}")},
    example={"kind": "Plh.", "position": "Lurah Contoh", "where": "Kelurahan Contoh", "span": "24 Nov 2026 sampai 30 Nov 2026", "basis": "ST 800/12/2026",
             "by": "Armen Contoh", "reason": "Cuti"}))

STOOD_IN = declare(Template(
    "access.stood_in", channels=(Channel.EMAIL,), link=HOME,
    texts={"id": Text("{holder} menggantikan Anda sebagai {kind} {position}",
                      "Berlaku: {span}\nDasar: {basis}\nDitunjuk oleh: {by}\nAlasan: {reason}\nBila Anda kembali lebih cepat, akhiri mandatnya dari halaman Akun."
                      "\nJika Anda tidak tahu soal ini, hari ini juga beri tahu admin kantor Anda."),
           "en": Text("{holder} stands in for you as {kind} {position}",
                      "Valid: {span}\nLegal basis: {basis}\nAppointed by: {by}\nReason: {reason}\nWhen you are back earlier, end the mandate on the Accounts page."
                      "\nIf this is news to you, tell your office's administrator today.")},
    example={"holder": "Dedi Contoh", "kind": "Plh.", "position": "Lurah Contoh", "span": "24 Nov 2026 sampai 30 Nov 2026", "basis": "ST 800/12/2026",
             "by": "Armen Contoh", "reason": "Cuti"}))

MANDATE_ENDED = declare(Template(
    "access.mandate_ended", channels=(Channel.EMAIL,), link=HOME,
    texts={"id": Text("Tugas Anda sebagai {kind} {position} berakhir", "Diakhiri oleh: {by}\nAlasan: {reason}\n"
                      "Pekerjaan yang belum selesai serahkan kepada pemegang jabatan. Jika ini keliru, beri tahu admin kantor Anda."),
           "en": Text("Your duty as {kind} {position} has ended", "Ended by: {by}\nReason: {reason}\n"
                      "Hand unfinished work to the holder of the position. If this is wrong, tell your office's administrator.")},
    example={"kind": "Plh.", "position": "Lurah Contoh", "by": "Armen Contoh", "reason": "Kembali dari cuti"}))


_naming: list[Callable[[Scope], str]] = []


def places_are_named_by(name_of: Callable[[Scope], str]) -> None:
    """A room above, which knows offices and territories, says what a scope is called in the language of the moment. The last one counts."""
    _naming[:] = [name_of]


def where(scope: Scope) -> str:
    """The place in words. Without anybody who knows its name, only whether it is the whole city."""
    if not scope.office and not scope.territory:
        return _("seluruh kota")
    return (_naming[0](scope) if _naming else "") or _("wilayah kerja Anda")
