"""Freezing a position at the desk."""
from datetime import date

import pytest
from django.http import HttpResponse
from django.urls import reverse

from amanah.portals.office import positions
from amanah.registries.people.models import Position
from amanah.registries.people.tests.factories import actor, territories
from amanah.registries.territory import queries as territory

pytestmark = pytest.mark.django_db


def test_whoever_may_freeze_sees_the_list_and_freezes_a_day_that_has_passed(rf, monkeypatch):
    territories()
    territory.forget()
    told = []

    def shown(request, page, form, template, *, table):
        answer = HttpResponse()
        answer.form, answer.table = form, table
        return answer

    monkeypatch.setattr(positions, "done", lambda request, deed, **words: told.append(deed))
    monkeypatch.setattr(positions, "ask", shown)

    def asked(method, data=None):
        request = getattr(rf, method)(reverse("office_positions"), data)
        request.actor = actor(permissions=frozenset({"people.freeze_position"}))
        return positions.frozen(request)

    assert asked("post", {"day": "2099-01-01"}).form.errors["day"] and not Position.objects.exists()
    assert asked("post", {"day": "2026-06-30", "note": "semester I"}).status_code == 302
    assert Position.objects.get().day == date(2026, 6, 30) and told == ["people.freeze_position"]
    assert len(asked("get").table.rows) == 1
    territory.forget()
