"""What people are told about their requests and about their data: texts in both languages. Outside of the application they say nothing."""
from amanah.foundation.messages.models import Channel
from amanah.foundation.messages.templates import Template, Text, declare

WAYS = (Channel.WHATSAPP, Channel.SMS, Channel.EMAIL)
MINE, DESK = "/saya/data/permintaan/", "/kerja/pelindung-data/"

ASKED = declare(Template(
    "people.asked", channels=WAYS, link=MINE, sensitive=True,
    texts={"id": Text("Permintaan Anda kami terima: {what}", "Kami jawab paling lambat {due}.\nAnda dapat mengikuti waktunya di halaman Permintaan saya."),
           "en": Text("We received your request: {what}", "We answer by {due} at the latest.\nYou can follow the time on the page of your requests.")},
    example={"what": "Salinan data saya", "due": "Jumat, 27 Nov 2026, 09.40"}))

ANSWERED = declare(Template(
    "people.answered", channels=WAYS, link=MINE, sensitive=True,
    texts={"id": Text("Permintaan Anda sudah dijawab: {what}", "Hasil: {result}\nBaca jawabannya di halaman Permintaan saya."),
           "en": Text("Your request was answered: {what}", "Result: {result}\nRead the answer on the page of your requests.")},
    example={"what": "Pembetulan data", "result": "Dipenuhi"}))

TO_ANSWER = declare(Template(
    "people.to_answer", channels=(Channel.EMAIL,), link=DESK + "{request}/", sensitive=True,
    texts={"id": Text("Permintaan baru tentang data pribadi: {what}", "Jawab paling lambat {due}. Waktunya 3 kali 24 jam, hari libur ikut dihitung."),
           "en": Text("New request about personal data: {what}", "Answer by {due}. The limit is 3 times 24 hours, holidays included.")},
    example={"what": "Pembetulan data", "due": "Jumat, 27 Nov 2026, 09.40", "request": "7"}))

WAITING = declare(Template(
    "people.requests_waiting", channels=(Channel.EMAIL,), link=DESK,
    texts={"id": Text("Permintaan data pribadi: {late} lewat batas, {soon} jatuh tempo dalam 24 jam",
                      "Buka meja pelindung data dan jawab yang paling lama menunggu lebih dulu."),
           "en": Text("Requests about personal data: {late} overdue, {soon} due within 24 hours",
                      "Open the data protection desk and answer the one that has waited longest first.")},
    example={"late": "1", "soon": "2"}))

TIED = declare(Template(
    "people.tied", channels=WAYS, link="/saya/data/", sensitive=True,
    texts={"id": Text("Akun Anda terhubung dengan data kependudukan Anda",
                      "Petugas sudah memeriksa identitas Anda. Sekarang Anda dapat melihat data Anda dan siapa yang membukanya."
                      "\nJika Anda tidak pernah datang ke loket, hari ini juga hubungi kelurahan Anda."),
           "en": Text("Your account is tied to your entry in the register",
                      "An official has checked your identity. You can now see your data and who opened it."
                      "\nIf you never came to the counter, contact your kelurahan today.")},
    example={}))

UNTIED = declare(Template(
    "people.untied", channels=WAYS, link="/saya/data/", sensitive=True,
    texts={"id": Text("Akun Anda tidak lagi terhubung dengan data kependudukan", "Jika ini bukan permintaan Anda, hubungi kelurahan Anda dengan membawa KTP."),
           "en": Text("Your account is no longer tied to the register", "If you did not ask for this, go to your kelurahan with your identity card.")},
    example={}))
