"""What an account holds on a given day: pure calculations over grants, mandates and a duty session. No database, no clock, no Django."""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from amanah.foundation.kernel.actor import Holding, Scope

LONGEST_DUTY = timedelta(hours=4)

# Everybody who works with other people's data signs in with two proofs; residents may, but need not.
KINDS_WITH_TWO_PROOFS = frozenset({"staff", "evaluator", "partner"})
MFA, DEMO, PASSWORD = "mfa", "demo", "password"  # how a session was proven
STRONG = frozenset({MFA, DEMO})


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """What a role carries: permissions held always, and those held only while a duty session runs."""

    code: str
    permissions: frozenset[str]
    duty_permissions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Span:
    """A role over a scope for a time, either granted ("role:lurah") or lent by a mandate ("mandate:12"). Both days are included; no `until` is open."""

    role: RoleFacts
    scope: Scope
    since: date
    until: date | None
    via: str

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty session: it runs from `starts` up to, not including, `ends`."""

    id: int
    starts: datetime
    ends: datetime

    def runs_at(self, moment: datetime) -> bool:
        return self.starts <= moment < self.ends


def effective(spans: Iterable[Span], duties: Iterable[Duty], *, day: date, moment: datetime) -> tuple[Holding, ...]:
    """What is held on `day` (WIB) at `moment`.

    A running duty session adds the duty permissions of the roles held and puts its own mark ("duty:3 role:…") on everything,
    so that each deed of that time can be found. Without one, duty permissions are not there at all.
    """
    duty = next((d for d in duties if d.runs_at(moment)), None)
    holdings = []
    for span in spans:
        if not span.holds_on(day):
            continue
        permissions = span.role.permissions | (span.role.duty_permissions if duty else frozenset())
        if permissions:
            holdings.append(Holding(permissions, span.scope, f"duty:{duty.id} {span.via}" if duty else span.via))
    return tuple(holdings)


def strong_enough(kind: str, assurance: str) -> bool:
    """Whether a session of this kind of account was proven well enough to hold anything: staff need two proofs."""
    return kind not in KINDS_WITH_TWO_PROOFS or assurance in STRONG


def giving(role: str) -> str:
    """The name under which somebody holds the right to hand out a role; it stands in no registry, since only roles.yaml makes it."""
    return f"access.grant:{role}"


def may_give(holdings: Iterable[Holding], role: RoleFacts, scope: Scope) -> bool:
    """Whether holders of these may hand out `role` over `scope`: the right to give that very role, or everything it carries, over all of `scope`.

    What was lent by a mandate cannot be passed on.
    """
    own = [holding for holding in holdings if "mandate:" not in holding.via and holding.scope.covers(scope)]
    held = frozenset[str]().union(*(holding.permissions for holding in own))
    needed = role.permissions | role.duty_permissions
    return giving(role.code) in held or (bool(needed) and needed <= held)


def missing_reach(reach: str, scope: Scope) -> list[str]:
    """Which of office and territory a grant with this reach still has to name, and which it must leave out ("" in the wrong place is the whole city)."""
    wanted = {"city": (), "office": ("office",), "territory": ("territory",), "both": ("office", "territory")}[reach]
    named = {"office": bool(scope.office), "territory": bool(scope.territory)}
    return [dimension for dimension, given in named.items() if (dimension in wanted) != given]


def open_chains(may_grant: Mapping[str, Iterable[str]]) -> list[tuple[str, str, str]]:
    """Ways round: (role, role it may give, role that one may give but the first may not). Empty when nobody can gain by handing a role to a friend."""
    rights = {role: frozenset(gives) for role, gives in may_grant.items()}
    return [(role, middle, last) for role, gives in sorted(rights.items()) for middle in sorted(gives) for last in sorted(rights.get(middle, frozenset()) - gives)]
