"""Invented identifiers. Their last four digits begin at 9000, where SIAK never gets: it counts from 0001 within a kecamatan and a birth date."""
from datetime import date

from ..rules.codes import FEMALE
from .content import Content


class Numbers:
    """NIK and KK numbers of one part of the city. Parts share the serials: each takes every `step`-th, beginning with its own."""

    def __init__(self, content: Content, serial: int, step: int) -> None:
        self._first, self._step = int(content.facts["invented"]["serials"]) + serial, step
        self._phone = str(content.facts["invented"]["phone"])
        self._given: dict[str, int] = {}
        self._dates: dict[int, str] = {}
        self._phones = serial

    def _next(self, front: str) -> str:
        while True:
            number = self._given.get(front, self._first)
            self._given[front] = number + self._step
            if number <= 9999:
                return f"{front}{number}"
            front = f"{front[:4]}{int(front[4:6]) % 20 + 1:02}{front[6:]}"  # this day is used up here; its kecamatan has a neighbour

    def _day(self, day: int) -> str:
        text = self._dates.get(day)
        if text is None:
            text = self._dates[day] = date.fromordinal(day).strftime("%d%m%y")
        return text

    def person(self, prefix: str, sex: int, born: int) -> str:
        """A NIK: region (6), birth date with 40 added to the day for women (6), serial (4). Regulations §6.1."""
        text = self._day(born)
        return self._next(prefix + (f"{int(text[:2]) + 40}{text[2:]}" if sex == FEMALE else text))

    def family(self, prefix: str, day: int) -> str:
        """A KK number: region, day of issue, serial. Regulations §6.2."""
        return self._next(prefix + self._day(day))

    def phone(self) -> str:
        self._phones += self._step
        return f"{self._phone}{self._phones:07}"
