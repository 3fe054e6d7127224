"""Who comes in: residents who signed in; most pages also want an account that an official has tied to an entry."""
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from amanah.registries.people.models import Person
from amanah.registries.people.queries.ties import person_of

View = Callable[..., HttpResponse]


def resident(view: View) -> View:
    """A page for residents; nothing of it is kept by any cache. Visitors sign in first, those who work for the city have their own desk."""
    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor.account_id is None:
            return redirect_to_login(request.get_full_path() if request.method == "GET" else reverse("citizen_data"))
        return view(request, *args, **kwargs) if request.actor.kind == "resident" else redirect("office_home")
    return guarded


def tied(view: View) -> View:
    """A page about somebody's own entry, which the view is given. Without one, the page of one's data says how to get there."""
    @resident
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person: Person | None = person_of(request.actor)
        return view(request, person, *args, **kwargs) if person is not None else redirect("citizen_data")
    return guarded
