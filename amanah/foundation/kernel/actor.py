"""Who acts: a value that carries what somebody may do, and where. Rooms ask it; the access room makes it.

A scope is a pair of opaque dotted paths, one of offices and one of territories; a path covers itself and all beneath it, "" covers all.
`None` on the side of a thing means that this dimension does not apply to it.
"""
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a thing belongs, or how far a permission reaches."""

    office: str | None = None
    territory: str | None = None

    def covers(self, thing: "Scope") -> bool:
        return _within(thing.office, self.office) and _within(thing.territory, self.territory)


EVERYWHERE = Scope(office="", territory="")


def _within(path: str | None, above: str | None) -> bool:
    return path is None or not above or path == above or path.startswith(above + ".")


@dataclass(frozen=True, slots=True)
class Holding:
    """Permissions held within one scope. `via` says how they were come by: "role:lurah", "mandate:12", "duty:3"."""

    permissions: frozenset[str]
    scope: Scope
    via: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that acts. `ref` is what the audit record keeps: "account:12", "system:jobs", "public"."""

    ref: str
    kind: str  # resident, staff, evaluator, partner, system, public
    name: str
    account_id: int | None = None
    holdings: tuple[Holding, ...] = ()
    request_id: str = ""

    def may(self, permission: str, thing: Scope = EVERYWHERE) -> bool:
        """Whether this actor holds `permission` over `thing`; without a thing: over the whole city."""
        return self.kind == "system" or self.via(permission, thing) != ""

    def via(self, permission: str, thing: Scope = EVERYWHERE) -> str:
        """By which holding the actor may; "" when it may not."""
        return next((h.via for h in self._holding(permission) if h.scope.covers(thing)), "system" if self.kind == "system" else "")

    def scopes(self, permission: str) -> list[Scope]:
        """Every scope in which the actor holds `permission`."""
        return [EVERYWHERE] if self.kind == "system" else [h.scope for h in self._holding(permission)]

    def holds(self, permission: str) -> bool:
        """Whether the actor holds `permission` anywhere at all (menus ask this; acts never do)."""
        return bool(self.scopes(permission))

    def _holding(self, permission: str) -> Iterator[Holding]:
        return (h for h in self.holdings if permission in h.permissions)

    @classmethod
    def system(cls, name: str) -> "Actor":
        """The program itself, at work in the named room or job; what it does is recorded under that name."""
        return cls(ref=f"system:{name}", kind="system", name=name)


PUBLIC = Actor(ref="public", kind="public", name="")
