"""The acts of importing. A load runs in steps outside of any one transaction; the act begins it, and the extract says how far it is."""
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanah.foundation.acts import act, emit
from amanah.foundation.files import services as files
from amanah.foundation.files.models import StoredFile
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import EVERYWHERE, Actor
from amanah.foundation.kernel.errors import Conflict, Invalid

from ...models import Extract, Source
from ...rules.extract import HEADINGS, BadFile, guess, places_of
from . import loading, undoing
from .files import MOST_BYTES, Form, survey

NEEDS = "people.bring"  # who may bring an extract may see its file and report; services.retention says how long they are kept
State = Extract.State
Told = Callable[[loading.Progress], None]


def source_of(code: str, name: str = "", *, master: bool = True) -> Source:
    """The source of this code; made when it is new."""
    return Source.objects.get_or_create(code=code, defaults={"name": name or code, "master": master})[0]


@act("people.bring", title=gettext_lazy("Mengunggah ekstrak kependudukan"), says=gettext_lazy("{actor} mengunggah {subject}"), creates=True,
     secret=("path", "name", "columns"))
def bring(actor: Actor, source: Source, *, path: Path, name: str, position: date, complete: bool = False, columns: Mapping[str, str] | None = None,
          store: bool = True) -> Extract:
    """Register a file as an extract of a source; its columns are remembered for the next time. Nothing of it is in the register yet.

    `store` keeps a copy of the file for the background. Raises Invalid naming what is wrong with the file, its columns or its day.
    """
    if position > clock.today():
        raise Invalid(position=_("Posisi data belum tiba. Isi tanggal data itu diambil."))
    form = _surveyed(path)
    chosen = columns if columns is not None else guess(form.headings, source.columns)
    if set(chosen) - set(HEADINGS):
        raise Invalid(columns=_("Ada kolom yang tidak dikenal."))
    if columns is not None:
        try:
            places_of(form.headings, chosen)
        except BadFile as problem:
            raise Invalid(columns=problem.sentence) from problem
        source.columns = {**source.columns, **chosen}
        source.save(update_fields=["columns"])
    extract = Extract.objects.create(source=source, name=name[:200], digest=form.digest, position=position, complete=complete, rows=form.rows, by=actor.ref,
                                     at=clock.now())
    if store:
        with path.open("rb") as content:
            extract.file = files.keep_large(content, name=name, kind=form.kind, by=actor, owner=f"people.extract:{extract.pk}", needs=NEEDS,
                                            scope=EVERYWHERE).pk
        extract.save(update_fields=["file"])
    return extract


@act("people.map_columns", title=gettext_lazy("Memetakan kolom ekstrak"), says=gettext_lazy("{actor} memetakan kolom {subject}"), secret=("columns",))
def map_columns(actor: Actor, source: Source, *, columns: Mapping[str, str]) -> Source:
    """Remember which heading of a source's files is which field of ours. Raises Invalid for a field that there is not."""
    if set(columns) - set(HEADINGS):
        raise Invalid(columns=_("Ada kolom yang tidak dikenal."))
    source.columns = {field: heading for field, heading in columns.items() if heading}
    source.save(update_fields=["columns"])
    return source


@act("people.check", title=gettext_lazy("Memeriksa ekstrak tanpa memuat"), says=gettext_lazy("{actor} memeriksa {subject}"), secret=("path",))
def check(actor: Actor, extract: Extract, *, path: Path | None = None) -> Extract:
    """Try the whole file out and keep the report; the register stays as it is. Raises Conflict once it is being loaded, Invalid for a broken file."""
    if extract.state not in (State.UPLOADED, State.CHECKED, State.REFUSED):
        raise Conflict(_("Ekstrak ini sudah dimuat."))
    with _file(extract, path) as form:
        try:
            tally, report = loading.try_out(extract, form, actor)
        except BadFile as problem:
            raise Invalid(file=problem.sentence) from problem
    _keep_report(extract, report, actor)
    extract.counts, extract.state, extract.rows = tally.plain(), State.CHECKED, form.rows
    extract.save(update_fields=["counts", "state", "rows", "report"])
    return extract


@act("people.load_extract", title=gettext_lazy("Memuat ekstrak ke register"), says=gettext_lazy("{actor} memuat {subject}"),
     emits=("people.load_begun",))
def load_extract(actor: Actor, extract: Extract, *, background: bool = True) -> Extract:
    """Begin to load an extract, or go on where it stopped; the steps follow in the background. Raises Conflict when it is loaded already."""
    moved = Extract.objects.filter(pk=extract.pk, state__in=(State.UPLOADED, State.CHECKED, State.STOPPED, State.RUNNING)).update(state=State.RUNNING)
    if not moved or (background and extract.state == State.RUNNING):
        raise Conflict(_("Ekstrak ini sudah atau sedang dimuat."))
    if extract.state in (State.UPLOADED, State.CHECKED):
        Extract.objects.filter(pk=extract.pk).update(counts={}, reached=0)
        extract.counts, extract.reached = {}, 0
    extract.state = State.RUNNING
    if background:
        emit("people.load_begun", extract=extract.pk, by=actor.ref)
    return extract


@act("people.undo_extract", title=gettext_lazy("Membatalkan ekstrak yang sudah dimuat"), says=gettext_lazy("{actor} membatalkan {subject}"))
def undo_extract(actor: Actor, extract: Extract, *, reason: str) -> Extract:
    """Take a loaded extract back as a whole, as long as nothing later builds on it (Conflict says how much does)."""
    if extract.state not in (State.DONE, State.STOPPED):
        raise Conflict(_("Hanya ekstrak yang sudah dimuat yang dapat dibatalkan."))
    if not reason.strip():
        raise Invalid(reason=_("Tulis mengapa ekstrak ini dibatalkan."))
    done = undoing.undo(extract, actor)
    (settings.VAR_DIR / "imports" / f"{extract.pk}.csv").unlink(missing_ok=True)  # of a load that stopped
    extract.counts = {**extract.counts, "undone": done}
    extract.save(update_fields=["counts"])
    return extract


def carry_out(extract: Extract, actor: Actor, *, path: Path | None = None, told: Told = lambda progress: None, **how: Any) -> Extract:
    """Run a load that `load_extract` began, to its end. What goes wrong leaves the extract stopped, ready to go on; BadFile is raised again."""
    try:
        with _file(extract, path) as form:
            tally, report = loading.run(extract, form, actor, told=told, **how)
    except BaseException as error:
        counts = {**extract.counts, "stopped": error.sentence if isinstance(error, BadFile) else error.message if isinstance(error, Conflict | Invalid)
                  else type(error).__name__}
        if not isinstance(error, Conflict):  # then another process is at it
            Extract.objects.filter(pk=extract.pk, state=State.RUNNING).update(state=State.STOPPED, counts=counts)
            extract.state = State.STOPPED
        raise
    _keep_report(extract, report, actor)
    tally_counts = tally.plain()
    Extract.objects.filter(pk=extract.pk).update(state=State.DONE, ended_at=clock.now(), counts=tally_counts, report=extract.report, rows=extract.reached)
    extract.refresh_from_db()
    return extract


def _keep_report(extract: Extract, report: loading.Report, actor: Actor) -> None:
    if extract.report and (old := StoredFile.objects.filter(pk=extract.report).first()):
        files.remove(old)
        extract.report = None
    if report.rows:
        report.file.flush()
        with report.path.open("rb") as content:
            extract.report = files.keep_large(content, name=f"ditolak {extract.name}.csv", kind="csv", by=actor, owner=f"people.extract:{extract.pk}",
                                              needs=NEEDS, scope=EVERYWHERE).pk
    report.forget()


def _surveyed(path: Path, digest: str = "") -> Form:
    try:
        return survey(path, most_bytes=MOST_BYTES, digest=digest)
    except BadFile as problem:
        raise Invalid(file=problem.sentence) from problem


@contextmanager
def _file(extract: Extract, path: Path | None) -> Iterator[Form]:
    """The extract's file, where it lies or from the store. Raises Conflict when it is not the file that was brought."""
    if path is not None:
        form = _surveyed(path, extract.digest)
        if form.digest != extract.digest:
            raise Conflict(_("Berkas ini bukan berkas yang didaftarkan pada ekstrak ini."))
        yield form
        return
    stored = StoredFile.objects.filter(pk=extract.file).first() if extract.file else None
    if stored is None:
        raise Conflict(_("Berkas ekstrak ini tidak disimpan lagi. Unggah ulang."))
    with tempfile.NamedTemporaryFile(suffix=f".{stored.kind}") as copy, default_storage.open(stored.path, "rb") as content:
        shutil.copyfileobj(content, copy)
        copy.flush()
        yield _surveyed(Path(copy.name), extract.digest)


def opened(extract: Extract) -> "Any":
    """The extract's stored file as a form; for the mapping page."""
    return _file(extract, None)


__all__ = ["bring", "carry_out", "check", "load_extract", "map_columns", "opened", "source_of", "undo_extract"]
