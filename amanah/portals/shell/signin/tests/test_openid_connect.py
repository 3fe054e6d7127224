"""Both directions of OpenID Connect, each against a party we did not write: Authlib as client of our accounts, allauth's client against our provider."""
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.idp.oidc.models import Client, Token
from allauth.socialaccount.models import SocialAccount
from authlib.integrations.requests_client import OAuth2Session
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc import jwt
from joserfc.jwk import KeySet

from amanah.foundation.access import services
from amanah.foundation.access.models import Account
from amanah.foundation.access.tests import factories as make
from amanah.foundation.kernel.actor import Actor

from .conftest import PASSWORD, totp

pytestmark = pytest.mark.django_db(transaction=True)
BACK = "https://aplikasi.contoh.id/kembali"


_sessions: list[requests.Session] = []


def closing(session: requests.Session) -> requests.Session:
    """A session that is closed when its test ends, so that the live server's threads end before its database does."""
    _sessions.append(session)
    return session


@pytest.fixture(autouse=True)
def _close_sessions() -> Iterator[None]:
    yield
    while _sessions:
        _sessions.pop().close()


class Browser:
    """Somebody's browser: keeps cookies, copies the form's hidden fields, follows nothing by itself."""

    def __init__(self, site: str) -> None:
        self.site, self.session = site, closing(requests.Session())

    def see(self, url: str) -> requests.Response:
        return self.session.get(url if url.startswith("http") else self.site + url, allow_redirects=False)

    def send(self, page: requests.Response, to: str = "", /, **fields: object) -> requests.Response:
        form = re.search(rf'<form method="post" action="{to}[^"]*".*?</form>', page.text, re.S)[0]
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        return self.session.post(self.site + re.search(r'action="([^"]+)"', form)[1], data=hidden | fields, headers={"Referer": page.url}, allow_redirects=False)

    def sign_in(self, name: str) -> "Browser":
        assert self.send(self.see("/masuk/"), "/masuk/", login=name, password=PASSWORD).status_code == 302
        return self


@pytest.fixture
def key(settings) -> None:
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    settings.IDP_OIDC_PRIVATE_KEY = made.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()


@pytest.fixture
def client_of_ours() -> Client:
    return services.register_client(Actor.system("test"), name="Aplikasi Contoh", redirect_uris=[BACK])


def party_of(client: Client, **options: str) -> OAuth2Session:
    """Authlib's own client, holding what we gave the application."""
    return closing(OAuth2Session(client.pk, client.plain_secret, redirect_uri=BACK, **options))


def test_an_unmodified_client_signs_a_resident_in_with_code_and_pkce(live_server, rina, key, client_of_ours) -> None:
    known = requests.get(f"{live_server.url}/.well-known/openid-configuration").json()
    assert known["issuer"] == live_server.url and known["code_challenge_methods_supported"] == ["S256"]
    party = party_of(client_of_ours, scope="openid profile email", code_challenge_method="S256")
    verifier = "v" * 60
    address, state = party.create_authorization_url(known["authorization_endpoint"], code_verifier=verifier, nonce="sekali")

    browser = Browser(live_server.url).sign_in("rina@contoh.id")
    consent = browser.see(address)
    assert consent.status_code == 200 and "Masuk ke Aplikasi Contoh" in consent.text and "Rina Contoh" in consent.text
    assert "form-action 'self' https://aplikasi.contoh.id" in consent.headers["Content-Security-Policy"]
    scopes = re.findall(r'name="scopes" value="([^"]+)"', consent.text)
    answer = browser.send(consent, "/oidc/authorize", action="grant", scopes=scopes)
    assert answer.status_code == 302 and answer.headers["Location"].startswith(BACK)

    token = party.fetch_token(known["token_endpoint"], authorization_response=answer.headers["Location"], code_verifier=verifier, state=state)
    claims = jwt.decode(token["id_token"], KeySet.import_key_set(requests.get(known["jwks_uri"]).json()), algorithms=["RS256"]).claims
    jwt.JWTClaimsRegistry(iss={"essential": True, "value": known["issuer"]}, aud={"essential": True, "value": client_of_ours.pk},
                          nonce={"essential": True, "value": "sekali"}, exp={"essential": True}).validate(claims)
    assert claims["sub"] == str(rina.pk)
    assert party.get(known["userinfo_endpoint"]).json() == {
        "sub": str(rina.pk), "name": "Rina Contoh", "email": "rina@contoh.id", "email_verified": True}

    with pytest.raises(Exception, match="invalid_grant"):  # a code is good once
        party.fetch_token(known["token_endpoint"], authorization_response=answer.headers["Location"], code_verifier=verifier, state=state)


def test_without_the_verifier_a_stolen_code_is_worth_nothing(live_server, rina, key, client_of_ours) -> None:
    party = party_of(client_of_ours, scope="openid", code_challenge_method="S256")
    address, state = party.create_authorization_url(f"{live_server.url}/oidc/authorize", code_verifier="v" * 60)
    browser = Browser(live_server.url).sign_in("rina@contoh.id")
    answer = browser.send(browser.see(address), "/oidc/authorize", action="grant", scopes=["openid"])
    with pytest.raises(Exception, match="invalid_grant"):
        party.fetch_token(f"{live_server.url}/oidc/token", authorization_response=answer.headers["Location"], code_verifier="w" * 60, state=state)


def test_whoever_declines_gives_nothing_away(live_server, rina, key, client_of_ours) -> None:
    address = f"{live_server.url}/oidc/authorize?response_type=code&client_id={client_of_ours.pk}&redirect_uri={BACK}&scope=openid&state=s"
    browser = Browser(live_server.url).sign_in("rina@contoh.id")
    answer = browser.send(browser.see(address), "/oidc/authorize", action="cancel")
    assert parse_qs(urlsplit(answer.headers["Location"]).query) == {"error": ["access_denied"], "state": ["s"]}
    assert not Token.objects.exists()


def test_an_unregistered_address_gets_a_page_and_never_a_code(live_server, rina, key, client_of_ours) -> None:
    browser = Browser(live_server.url).sign_in("rina@contoh.id")
    answer = browser.see(f"/oidc/authorize?response_type=code&client_id={client_of_ours.pk}&redirect_uri=https://jahat.contoh/&scope=openid")
    assert answer.status_code == 400 and "Location" not in answer.headers and "Aplikasi itu tidak bisa masuk" in answer.text


def test_staff_give_nothing_to_other_applications_before_their_second_proof(live_server, dedi, with_app, key, client_of_ours) -> None:
    address = f"{live_server.url}/oidc/authorize?response_type=code&client_id={client_of_ours.pk}&redirect_uri={BACK}&scope=openid"
    browser = Browser(live_server.url).sign_in("dedi")
    assert browser.see(address).headers["Location"] == "/masuk/bukti/"
    with_app(dedi)
    browser = Browser(live_server.url).sign_in("dedi")
    assert browser.see(address).headers["Location"].startswith("/masuk/?next=")  # not signed in yet
    browser.send(browser.see("/masuk/bukti/masuk/"), "/masuk/bukti/masuk/", code=totp())
    assert browser.see(address).status_code == 200


def test_a_closed_account_loses_its_tokens(live_server, rina, key, client_of_ours) -> None:
    party = party_of(client_of_ours, scope="openid")
    address, state = party.create_authorization_url(f"{live_server.url}/oidc/authorize")
    browser = Browser(live_server.url).sign_in("rina@contoh.id")
    answer = browser.send(browser.see(address), "/oidc/authorize", action="grant", scopes=["openid"])
    party.fetch_token(f"{live_server.url}/oidc/token", authorization_response=answer.headers["Location"], state=state)
    assert party.get(f"{live_server.url}/oidc/userinfo").status_code == 200
    services.close_account(Actor.system("test"), rina, reason="Uji")
    assert party.get(f"{live_server.url}/oidc/userinfo").status_code == 401


# ---------------------------------------------------------------- our sign-in page as the client of another service

@pytest.fixture
def other_service(settings, live_server, key) -> str:
    """Our own provider plays the other service; its accounts and ours share a database here, which the flow does not notice."""
    client = services.register_client(Actor.system("test"), name="Amanah", redirect_uris=[BACK])
    Client.objects.filter(pk=client.pk).update(redirect_uris="http://testserver/masuk/akun-lain/oidc/kembali/")
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [{
        "provider_id": "oidc", "name": "Layanan Contoh", "client_id": client.pk, "secret": client.plain_secret,
        "settings": {"server_url": live_server.url, "fetch_userinfo": True}}]}}
    return live_server.url


def test_without_configuration_there_is_no_button(client) -> None:
    assert "/masuk/akun-lain/oidc/" not in client.get("/masuk/").content.decode()
    assert client.get("/masuk/akun-lain/oidc/").status_code == 404


def test_a_resident_enters_through_another_service_and_returns_through_it(client, other_service) -> None:
    make.account("Tamu Contoh", "resident", username="tamu", password=PASSWORD)
    assert "Masuk dengan Layanan Contoh" in client.get("/masuk/").content.decode()

    def through(expected: str) -> None:
        there = client.post("/masuk/akun-lain/oidc/").headers["Location"]
        assert there.startswith(f"{other_service}/oidc/authorize") and "code_challenge=" in there
        browser = Browser(other_service).sign_in("tamu")
        consent = browser.see(there)
        back = browser.send(consent, "/oidc/authorize", action="grant", scopes=re.findall(r'name="scopes" value="([^"]+)"', consent.text))
        answer = client.get(back.headers["Location"].removeprefix("http://testserver"))
        assert answer.headers["Location"] == expected

    through("/masuk/akun-lain/daftar/")  # the other service told no e-mail, so we ask for it
    assert client.post("/masuk/akun-lain/daftar/", {"email": "tamu@contoh.id"}).headers["Location"] == "/masuk/email/periksa/"
    made = Account.objects.get(email="tamu@contoh.id")
    assert (made.kind, made.name, made.username, made.has_usable_password()) == ("resident", "Tamu Contoh", None, False)
    made.emailaddress_set.update(verified=True)
    client.cookies.clear()
    through("/beranda-saya/")
    assert client.get("/beranda-saya/").content.decode() == f"{made.ref} 0" and SocialAccount.objects.get().user == made
