"""The people of the demonstration: one account for each role, with invented names. Only the demonstration calls this."""
from pathlib import Path

from amanah.foundation.access import catalogue, services
from amanah.foundation.access.models import Account, Grant, Kind, Role
from amanah.foundation.acts.registry import PERMISSIONS
from amanah.foundation.kernel.actor import EVERYWHERE, Actor, Scope

PREFIX = "demo."


def demo_accounts(folder: Path) -> list[Account]:
    """Make the account of every role in `folder`/roles.yaml that has an example; run twice, it makes nothing twice.

    They have no password: `portals/shell/signin` signs them in with one click, and only while settings.DEMO_SIGN_IN is on.
    The roles must have been loaded (`load_roles`).
    """
    actor = Actor.system("demo")
    accounts = []
    for text in catalogue.read(folder / "roles.yaml", PERMISSIONS):
        if text.example is None:
            continue
        place = services.Place(Scope(office=text.example.office, territory=text.example.territory))
        account = Account.objects.filter(username=PREFIX + text.code).first() or services.open_account(
            actor, place, name=text.example.name, kind=text.kind, username=PREFIX + text.code)
        role = Role.objects.get(code=text.code)
        if not Grant.objects.filter(account=account, role=role, ended_at=None).exists():
            services.grant(actor, place, account=account, role=role, reason="Akun peragaan")
        accounts.append(account)
    return accounts


def demo_resident_account(folder: Path) -> Account | None:
    """The account of the first role for residents that has an example: who the sign-in page lets one be."""
    role = next((text.code for text in catalogue.read(folder / "roles.yaml", PERMISSIONS) if text.example and text.kind == Kind.RESIDENT), None)
    return Account.objects.filter(username=f"{PREFIX}{role}").first()


def demo_resident(name: str, number: int) -> Account:
    """The account of one of the invented residents; made once."""
    username = f"warga.{number}"
    return Account.objects.filter(username=username).first() or services.open_account(
        Actor.system("demo"), services.Place(EVERYWHERE), name=name, kind=Kind.RESIDENT, username=username)
