"""Every address, tried by every role and by a visitor who has not signed in: let in, refused, or led to sign-in, exactly as `pages.py` says."""
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.pages import NOBODY, PAGES, SIGNED_IN, Page

# Take no token against forged requests, and why that is safe.
WITHOUT_TOKEN = {"shell_display": "the worst a stranger's page can do is switch to dark"}


@pytest.fixture
def clients(db) -> dict[str, Client]:
    """A browser for each role of the demonstration, signed in by its one click, and one for a visitor."""
    call_command("city")
    browsers = {NOBODY: Client(raise_request_exception=False)}
    for role in sorted(SIGNED_IN):
        browsers[role] = Client(raise_request_exception=False)
        assert browsers[role].post(reverse("signin_demo", args=[role])).status_code == 302, f"{role} cannot sign in"
    return browsers


def addresses(resolver: URLResolver, above: tuple[str, ...] = ()) -> Iterator[str]:
    """The name of every address of the program."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield ":".join((*above, pattern.name or f"without a name: {pattern.pattern}"))
        else:
            yield from addresses(pattern, (*above, pattern.namespace) if pattern.namespace else above)


def where(page: Page) -> str:
    return reverse(page.name, kwargs=page.args() if callable(page.args) else page.args)


def expected_of(page: Page, role: str) -> int:
    if role in page.to:
        return page.answers
    if role == NOBODY:
        return page.visitor
    return 403 if role in page.seen else 409 if role in page.conflict else page.refused


def test_the_table_has_every_address_and_no_other():
    listed = [page.name for page in PAGES]
    assert set(addresses(get_resolver())) == set(listed)


def test_every_role_gets_in_where_it_should_and_nowhere_else(clients):
    wrong = []
    for page in PAGES:
        for role, browser in clients.items():
            answer = getattr(browser, page.method)(where(page), page.query)
            expected = expected_of(page, role)
            if answer.status_code != expected:
                wrong.append(f"{page.name}: {role} got {answer.status_code}, not {expected}")
            elif role == NOBODY and NOBODY not in page.to and expected == 302 and answer.headers["Location"].split("?")[0] != reverse(page.leads_to):
                wrong.append(f"{page.name}: a visitor is led to {answer.headers['Location']}, not to {page.leads_to}")
    assert not wrong, "\n".join(wrong)


def test_no_address_takes_a_form_from_a_strangers_page(clients):
    """Without the token no address changes anything for somebody who is signed in."""
    wrong = []
    for role in ("warga", "pengelola_aplikasi"):
        browser = clients[role]
        browser.handler.enforce_csrf_checks = True
        for page in PAGES:
            answer = browser.post(where(page))
            if (answer.status_code in (403, 404, 405)) == (page.name in WITHOUT_TOKEN):
                wrong.append(f"{page.name}: {role} got {answer.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("page", [page for page in PAGES if page.answers not in (200, 302)], ids=lambda page: page.name)
def test_a_surprising_answer_says_why(page: Page):
    assert page.why
