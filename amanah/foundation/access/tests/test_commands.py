import pytest
from django.core.management import CommandError, call_command

from amanah.foundation.access.models import Account
from amanah.foundation.audit.models import Entry

from . import factories as make

pytestmark = pytest.mark.django_db


def test_the_first_administrator_gets_a_link_and_the_record_says_who_made_it(capsys) -> None:
    make.role("pengelola_aplikasi", ("access.read",), reach="city")
    call_command("access_create_administrator", "Taufik", "--name", "Taufik Contoh")
    made = Account.objects.get(username="taufik")
    assert "/masuk/sandi/baru/" in capsys.readouterr().out
    assert made.kind == "staff" and make.acting(made).may("access.read") and not made.has_usable_password()
    assert set(Entry.objects.values_list("deed", "actor")) >= {("access.open_account", "system:access_create_administrator"),
                                                               ("access.grant", "system:access_create_administrator"),
                                                               ("access.invite", "system:access_create_administrator")}


def test_without_roles_the_command_says_what_to_do_first() -> None:
    with pytest.raises(CommandError, match="access_load_roles"):
        call_command("access_create_administrator", "taufik", "--name", "Taufik Contoh")
    assert not Account.objects.exists()
