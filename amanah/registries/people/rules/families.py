"""What a family must be, and what can have happened to whom. Pure; PP 40/2019 and Perpres 96/2018 stand behind the family card."""
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from amanah.foundation.kernel.errors import Invalid

from . import codes

OLDEST = 130  # years nobody has lived yet
YOUNGEST_PARENT = 10  # years below which a parent is certainly an error of writing


@dataclass(frozen=True, slots=True)
class Member:
    """A resident of a family, as the rules need to know them."""

    id: int
    relation: int | None
    born: date


def check_heads(members: Sequence[Member], field: str = "head") -> None:
    """A family with residents has exactly one head. Raises Invalid that says which of the two it is: none, or more than one."""
    heads = [member for member in members if member.relation == codes.HEAD]
    if members and not heads:
        raise Invalid(**{field: "Keluarga ini belum punya kepala keluarga. Tunjuk satu anggota."})
    if len(heads) > 1:
        raise Invalid(**{field: "Keluarga ini punya lebih dari satu kepala keluarga. Sisakan satu."})


def check_birth(born: date, today: date, field: str = "born") -> None:
    """A birth lies in the past, and not so far that nobody could be alive. Raises Invalid."""
    if born > today:
        raise Invalid(**{field: "Tanggal lahir ini belum tiba. Periksa tahun dan bulannya."})
    if today.year - born.year > OLDEST:
        raise Invalid(**{field: f"Tanggal lahir ini lebih dari {OLDEST} tahun yang lalu. Periksa tahunnya."})


def check_day(on: date, today: date, *, born: date | None = None, field: str = "on") -> None:
    """Nothing is recorded before it happens, nor before the person was born. Raises Invalid."""
    if on > today:
        raise Invalid(**{field: "Tanggal ini belum tiba. Catat pada harinya atau sesudahnya."})
    if born is not None and on < born:
        raise Invalid(**{field: "Tanggal ini mendahului tanggal lahir. Periksa keduanya."})


def check_parent(child_born: date, parent_born: date, field: str) -> None:
    """A parent is older than the child by some years. Raises Invalid."""
    if child_born.year - parent_born.year < YOUNGEST_PARENT:
        raise Invalid(**{field: "Orang tua ini terlalu muda untuk anak ini. Periksa orang yang dipilih."})


def relations_after(members: Sequence[Member], head: int, told: Mapping[int, int]) -> dict[int, int]:
    """Each member's relation once `head` leads: as told, otherwise unchanged, and the former head as other kin. Raises Invalid for strangers."""
    ids = {member.id for member in members}
    if head not in ids or set(told) - ids:
        raise Invalid(head="Kepala keluarga harus salah satu anggota keluarga ini.")
    after = {}
    for member in members:
        relation = told.get(member.id, member.relation or codes.OTHER)
        if member.id == head:
            relation = codes.HEAD
        elif relation == codes.HEAD:
            relation = codes.OTHER_KIN
        after[member.id] = relation
    return after
