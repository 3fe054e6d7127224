"""What every template may rely on."""
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from amanah.foundation.kernel import city as cities
from amanah.foundation.kernel.actor import PUBLIC, Actor
from amanah.portals.shell import menu

THEME_COOKIE = "amanah_tampilan"
THEMES = {"terang": "light", "gelap": "dark", "ikuti": "auto"}


class Page:
    """City, appearance and menus of one page; made once per request, menus only when a layout asks for them."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.demo = settings.DEMO
        self.sign_in_url = settings.LOGIN_URL

    @cached_property
    def city(self) -> cities.City:
        return cities.load(settings.CITY_DIR)

    @cached_property
    def actor(self) -> Actor:
        return getattr(self._request, "actor", PUBLIC)

    @cached_property
    def signed_in(self) -> bool:
        return self.actor.account_id is not None

    @property
    def home_url(self) -> str:
        """The home page of whoever is signed in; sign-in itself uses the same address."""
        return settings.LOGIN_REDIRECT_URL

    @property
    def chosen_theme(self) -> str:
        """The person's choice: terang, gelap or ikuti (the phone's own)."""
        choice = self._request.COOKIES.get(THEME_COOKIE, "ikuti")
        return choice if choice in THEMES else "ikuti"

    @property
    def theme(self) -> str:
        return THEMES[self.chosen_theme]

    @property
    def bs_theme(self) -> str:
        """Bootstrap knows no "auto"; our roles override everything that differs, so light is right for it."""
        return "dark" if self.theme == "dark" else "light"

    @property
    def here(self) -> str:
        return self._request.get_full_path()

    @property
    def request_id(self) -> str:
        return getattr(self._request, "request_id", "")

    def _menu(self, place: str) -> list[menu.Item]:
        return menu.items(place, self.actor, self._request.path)

    @cached_property
    def top(self) -> list[menu.Item]:
        return self._menu("top")

    @cached_property
    def bottom(self) -> list[menu.Item]:
        return self._menu("bottom")[:4]

    @cached_property
    def footer(self) -> list[menu.Item]:
        return self._menu("footer")

    @cached_property
    def office(self) -> list[menu.Item]:
        return self._menu("office")

    @cached_property
    def account(self) -> list[menu.Item]:
        return self._menu("account")


def page(request: HttpRequest) -> dict[str, object]:
    """Context processor: `page`, and `city` and `LANGUAGE_CODE` because nearly every page says them."""
    made = Page(request)
    return {"page": made, "city": made.city, "LANGUAGE_CODE": get_language() or settings.LANGUAGE_CODE}
