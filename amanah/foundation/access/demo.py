"""The people of the demonstration: one account for each role, with invented names. Only the demonstration calls this."""
import random
from pathlib import Path

from amanah.foundation.access import catalogue, services
from amanah.foundation.access.models import Account, Grant, Kind, Role
from amanah.foundation.acts.registry import PERMISSIONS
from amanah.foundation.kernel.actor import EVERYWHERE, Actor, Scope
from amanah.foundation.kernel.progress import progress

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


FIRST = "Afdal Asril Desi Elfira Fauzan Gusti Hasnah Irwan Jasmi Khairul Lusi Mardiah Nofri Oktavia Putri Rahmi Rizal Siti Syafri Taufik Wati".split()
SECOND = ["", *"Ananda Fitria Hidayat Kurnia Maulana Oktaviani Pratama Rahman Sari Utama Wulandari Yusuf".split()]


def demo_residents(number: int, *, seed: int) -> int:
    """Open accounts for `number` invented residents. The same seed invents the same people, and nobody is made twice. Says how many are new."""
    chance, actor, place = random.Random(seed), Actor.system("demo"), services.Place(EVERYWHERE)  # noqa: S311 (no secret hangs on it)
    people = [(f"warga.{seed}.{n:07}", " ".join(filter(None, (chance.choice(FIRST), chance.choice(SECOND), "Contoh")))) for n in range(1, number + 1)]
    known = set(Account.objects.filter(username__startswith=f"warga.{seed}.").values_list("username", flat=True))
    new = [(username, name) for username, name in people if username not in known]
    for username, name in progress(new, "residents"):
        services.open_account(actor, place, name=name, kind=Kind.RESIDENT, username=username)
    return len(new)
