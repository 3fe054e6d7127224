"""The menu: portals enter their pages here when the program starts; the shell shows those that the person may open.

    # amanah/portals/office/apps.py, in ready()
    menu.enter("office", "office_accounts", _("Akun"), icon="users", order=40, needs="access.accounts.read")

Places: `top` (bar of the public pages), `bottom` (the phone's bar, at most four), `footer` (column "Bantuan"), `office` (rail of the
staff pages), `account` (pages of somebody signed in). An entry that needs a permission is hidden from those who hold it nowhere; hiding is
politeness, the act or the view decides.
"""
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from amanah.foundation.kernel.actor import Actor

PLACES = ("top", "bottom", "footer", "office", "account")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu. `kinds`: which kinds of actor see it (none given: all)."""

    place: str
    url_name: str
    label: str | Promise
    icon: str
    order: int
    needs: str
    kinds: frozenset[str]
    beneath: bool
    when: Callable[[Actor], bool] | None
    count: Callable[[Actor], int] | None

    def shown_to(self, actor: Actor) -> bool:
        return ((not self.kinds or actor.kind in self.kinds) and (not self.needs or actor.holds(self.needs))
                and (self.when is None or self.when(actor)))


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as a page shows it. `current` is "page", "true" (a page beneath it) or ""; `count` is what waits behind it, 0 for nothing."""

    url: str
    label: str
    icon: str
    current: str
    count: int


_entries: dict[tuple[str, str], Entry] = {}


def enter(place: str, url_name: str, label: str | Promise, *, icon: str, order: int = 50, needs: str = "",
          kinds: tuple[str, ...] = (), beneath: bool = True, when: Callable[[Actor], bool] | None = None,
          count: Callable[[Actor], int] | None = None) -> None:
    """Enter the page `url_name` into `place`. Entering the same page again replaces the entry. `label` is a lazy translation.

    `beneath`: whether pages whose address lies beneath count as part of it and mark it. `count`: how many things wait
    there; asked for every page that shows the place, so one look at an index at most.
    """
    if place not in PLACES:
        raise ValueError(f"no such place in the menu: {place}; there are {', '.join(PLACES)}")
    _entries[place, url_name] = Entry(place, url_name, label, icon, order, needs, frozenset(kinds), beneath, when, count)


def items(place: str, actor: Actor, path: str) -> list[Item]:
    """The entries of `place` for this actor, in order, the one of `path` marked."""
    shown = sorted((e for e in _entries.values() if e.place == place and e.shown_to(actor)), key=lambda e: (e.order, str(e.label)))
    addresses = [reverse(e.url_name) for e in shown]
    nearest = max((a for e, a in zip(shown, addresses, strict=True) if a == path or (e.beneath and a != "/" and path.startswith(a))), key=len, default="")
    return [Item(url, str(e.label), e.icon, "" if url != nearest else "page" if url == path else "true", e.count(actor) if e.count else 0)
            for e, url in zip(shown, addresses, strict=True)]
