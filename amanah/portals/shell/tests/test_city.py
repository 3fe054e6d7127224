"""`./run city`: invented people in the register, and a few of them with an account."""
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from amanah.foundation.access.models import Account
from amanah.portals.shell.management.commands.city import OTHERS, populate
from amanah.registries.people.models import Person, Tie
from amanah.registries.people.queries import ties
from amanah.registries.people.rules import codes
from amanah.registries.territory.tests.factories import neighbourhood, small_city


@pytest.mark.django_db
def test_some_of_the_invented_residents_have_an_account_that_is_theirs(tmp_path, settings) -> None:
    settings.VAR_DIR = tmp_path
    for territory in small_city().values():
        if territory.level == "kelurahan":
            neighbourhood(territory)
    said = populate(600, 1, 10, 0.01)
    assert "600 invented residents (6 of them" in said
    assert Person.objects.filter(status=codes.RESIDENT).count() == 600
    assert Tie.objects.filter(how="demo").count() == OTHERS
    for tie in Tie.objects.select_related("person"):
        account = Account.objects.get(pk=tie.account)
        assert account.name == tie.person.name
        assert ties.tie_of(tie.person) == tie


def test_nothing_is_invented_in_production(settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        call_command("city", residents=100)
