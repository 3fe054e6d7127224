"""The rows of the register as its tables want them, made by hand where many are written at once. One place knows which column stands where."""
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings

from amanah.foundation.kernel.names import search_key
from amanah.foundation.stores.bulk import Form

from ..rules.addresses import address_key
from ..rules.projection import Row
from ..rules.state import SEALED

CODED = ("religion", "marital", "education", "occupation", "relation", "blood", "citizenship", "disability")
_COUNTED = ("status", "place_id", "sex", "born", *CODED, "family_id", "valid_from", "recorded_at", "event", "name")
FAMILY = ("id", "number", "number_key", "place_id", "address", "search", "ended", "provisional", "event")
PERSON = ("id", *_COUNTED, "search", "birthplace", "nik", "nik_key", "phone", "mother_name", "father_name", "mother_id", "father_id", "provisional",
          "restricted", "fingerprint")
PAST = ("person_id", *_COUNTED, "valid_until", "closed_at", "replaced_at")
EVENT = ("id", "person_id", "family_id", "kind", "valid_from", "recorded_at", "source_id", "extract_id", "provisional", "about_id", "together", "changes",
         "actor", "note", "evidence")


class Maker:
    """Makes rows in the form of one database. States are those of rules.state with identifiers sealed (bytes)."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self._moments: dict[datetime, str] = {}

    def sealed(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """The same changes with plain identifiers sealed."""
        return {name: (settings.SEAL.seal(value, name) if value else None) if name in SEALED else value for name, value in changes.items()}

    def moment(self, value: datetime) -> str:
        text = self._moments.get(value)
        if text is None:
            if len(self._moments) > 10_000:
                self._moments.clear()
            text = self._moments[value] = self.form.moment(value)
        return text

    def family(self, pk: int, number: str, place: int, address: str, *, ended: bool, provisional: bool, event: int) -> tuple[Any, ...]:
        form, seal = self.form, settings.SEAL
        return (pk, form.blob(seal.seal(number, "kk")) if number else form.null, form.blob(seal.lookup(number, "kk")) if number else form.null, place,
                form.text(address), form.text(address_key(address)), int(ended), int(provisional), event)

    def person(self, pk: int, row: Row, *, nik_key: bytes | None, provisional: bool, restricted: bool = False,
               fingerprint: int | None = None) -> tuple[Any, ...]:
        form, state = self.form, row.state
        null, text = form.null, form.text

        def blob(value: bytes | None) -> Any:
            return null if value is None else form.blob(value)

        def known(value: Any) -> Any:
            return null if value is None else value

        return (pk, *self._counted(row), text(search_key(state["name"])[:200]), text(state.get("birthplace") or ""), blob(state.get("nik")), blob(nik_key),
                blob(state.get("phone")), blob(state.get("mother_name")), text(state.get("father_name") or ""), known(state.get("mother")),
                known(state.get("father")), int(provisional), int(restricted), known(fingerprint))

    def past(self, person: int, row: Row) -> tuple[Any, ...]:
        """A row of the past; it must be closed."""
        form = self.form
        if row.valid_until is None or row.closed_at is None:
            raise ValueError("a row of the past says until when it held and since when we know")
        return (person, *self._counted(row), form.day(row.valid_until), self.moment(row.closed_at),
                form.null if row.replaced_at is None else self.moment(row.replaced_at))

    def event(self, pk: int, *, person: int | None, family: int | None, kind: str, valid_from: date, recorded_at: datetime, source: int,
              extract: int | None, provisional: bool, changes: str, actor: str, about: int | None = None, together: int | None = None,
              note: str = "") -> tuple[Any, ...]:
        form = self.form
        null, text = form.null, form.text
        return (pk, null if person is None else person, null if family is None else family, kind, form.day(valid_from), self.moment(recorded_at), source,
                null if extract is None else extract, int(provisional), null if about is None else about, null if together is None else together,
                text(changes), text(actor), text(note), "")

    def _counted(self, row: Row) -> tuple[Any, ...]:
        form, state = self.form, row.state
        null, get = form.null, row.state.get
        codes = [null if (code := get(name)) is None else code for name in CODED]
        family = get("family")
        return (state["status"], state["place"], state["sex"], form.day(state["born"]), *codes, null if family is None else family,
                form.day(row.valid_from), self.moment(row.recorded_at), row.event, form.text(state["name"]))
