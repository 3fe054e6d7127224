"""People and roles for tests. Our cast: Uni Rina, a resident; Pak Dedi, verifier; Bu Sari, head of another office; Taufik, administrator."""
from itertools import count
from typing import Any

from amanah.foundation.access.actors import actor_for
from amanah.foundation.access.models import Account, Grant, Role
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor

_numbers = count(1)


def account(name: str = "Orang Contoh", kind: str = "staff", *, password: str = "", **fields: Any) -> Account:
    made = Account(name=name, kind=kind, **({"username": f"orang{next(_numbers)}"} | fields))
    made.set_password(password or None)
    made.save()
    return made


def role(code: str, permissions: tuple[str, ...] = (), *, kind: str = "staff", reach: str = "office", duty: tuple[str, ...] = (),
         may_grant: tuple[str, ...] = ()) -> Role:
    made, _new = Role.objects.update_or_create(code=code, defaults={
        "name": code.replace("_", " ").capitalize(), "kind": kind, "reach": reach, "permissions": list(permissions), "duty_permissions": list(duty),
        "may_grant": list(may_grant), "digest": "0" * 64})
    return made


def granted(account: Account, role: Role, *, office: str = "", territory: str = "", **fields: Any) -> Grant:
    return Grant.objects.create(account=account, role=role, office=office, territory=territory, reason="Contoh", made_by="system:test",
                                **({"valid_from": clock.today()} | fields))


def acting(account: Account, assurance: str = "mfa") -> Actor:
    """The account as an actor, proven well enough to hold what it holds."""
    return actor_for(Account.objects.get(pk=account.pk), assurance=assurance)
