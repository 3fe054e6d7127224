"""Forms of a decision."""
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanah.portals.office.deeds import DeedForm, reason
from amanah.registries.people.models import Pair, Person


class DecisionForm(DeedForm):
    """Why, and which entry gives way if both are one person. The decision itself is the button."""

    void = forms.ChoiceField(label=_("Bila orangnya sama, data yang dibatalkan"), widget=forms.RadioSelect,
                             help_text=_("Yang dibatalkan tidak dihapus. Keluarganya dilepas, riwayatnya tetap."))
    reason = reason(hint=_("Misalnya dokumen yang Anda cocokkan. Ikut tercatat, jangan tulis nomor."))

    def __init__(self, *args: Any, pair: Pair, yielding: Person, decision: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decision, self.entries = decision, {str(one.pk): one for one in (pair.first, pair.second)}
        field = self.fields["void"]
        field.choices = [(str(pair.first_id), _("Data pertama")), (str(pair.second_id), _("Data kedua"))]  # type: ignore[attr-defined]
        field.initial = str(yielding.pk)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        return {**given, "decision": self.decision, "void": self.entries.get(given.get("void", "")) if self.decision == Pair.State.SAME else None}


class UndoForm(DeedForm):
    """Why a decision is taken back."""

    reason = reason()
