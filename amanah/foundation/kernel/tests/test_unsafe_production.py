"""Every setting that must keep a real city from starting is tried alone, beside a set that may start."""
import pytest

from amanah.foundation.kernel.environment import unsafe_production

SAFE = {
    "DEBUG": False,
    "SECRET_KEY": "s" * 48,
    "AUDIT_KEY": "a" * 48,
    "SEAL_KEY": "k" * 48,
    "SEAL_OLD_KEYS": ["o" * 48],
    "LOOKUP_KEY": "l" * 48,
    "AUDIT_CHECKPOINT_KEY": "some PEM text",
    "DEMO_SIGN_IN": False,
    "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}},
    "WORKERS": 2,
    "SITE_URL": "https://layanan.example.go.id",
    "INSECURE_HTTP": False,
    "ALLOWED_HOSTS": ["layanan.example.go.id"],
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.ScryptPasswordHasher"],
}
SQLITE = {"default": {"ENGINE": "django.db.backends.sqlite3"}}

UNSAFE = [
    ({"DEBUG": True}, "AMANAH_DEBUG"),
    ({"SECRET_KEY": ""}, "AMANAH_SECRET_KEY_FILE"),
    ({"SECRET_KEY": "s" * 31}, "AMANAH_SECRET_KEY_FILE"),
    ({"SECRET_KEY": "only-for-demonstration-and-tests-" + "0" * 32}, "AMANAH_SECRET_KEY_FILE"),
    ({"AUDIT_KEY": ""}, "AMANAH_AUDIT_KEY_FILE"),
    ({"AUDIT_KEY": "only-for-demonstration-and-tests-" + "1" * 32}, "AMANAH_AUDIT_KEY_FILE"),
    ({"AUDIT_KEY": "s" * 48}, "make two"),
    ({"SEAL_KEY": ""}, "AMANAH_SEAL_KEY_FILE"),
    ({"SEAL_KEY": "only-for-demonstration-and-tests-" + "2" * 32}, "AMANAH_SEAL_KEY_FILE"),
    ({"SEAL_KEY": "l" * 48}, "AMANAH_SEAL_KEY equals"),
    ({"SEAL_KEY": "a" * 48}, "AMANAH_SEAL_KEY equals"),
    ({"SEAL_KEY": "o" * 48}, "AMANAH_SEAL_KEY equals"),
    ({"LOOKUP_KEY": ""}, "AMANAH_LOOKUP_KEY_FILE"),
    ({"LOOKUP_KEY": "l" * 31}, "AMANAH_LOOKUP_KEY_FILE"),
    ({"LOOKUP_KEY": "only-for-demonstration-and-tests-" + "3" * 32}, "AMANAH_LOOKUP_KEY_FILE"),
    ({"LOOKUP_KEY": "s" * 48}, "AMANAH_LOOKUP_KEY equals"),
    ({"AUDIT_CHECKPOINT_KEY": ""}, "AMANAH_AUDIT_CHECKPOINT_KEY_FILE"),
    ({"DEMO_SIGN_IN": True}, "AMANAH_DEMO_SIGN_IN"),
    ({"DATABASES": SQLITE}, "AMANAH_DATABASE_URL"),
    ({"SITE_URL": ""}, "AMANAH_SITE_URL"),
    ({"SITE_URL": "http://layanan.example.go.id"}, "AMANAH_INSECURE_HTTP"),
    ({"ALLOWED_HOSTS": []}, "AMANAH_HOSTS"),
    ({"ALLOWED_HOSTS": ["*"]}, "AMANAH_HOSTS"),
    ({"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}, "MD5"),
]


def test_a_safe_set_starts():
    assert unsafe_production(SAFE) == []


@pytest.mark.parametrize(("change", "word"), UNSAFE, ids=[f"{next(iter(change))}-{number}" for number, (change, _) in enumerate(UNSAFE)])
def test_one_unsafe_setting_is_refused_with_one_sentence_that_says_what_to_set(change, word):
    problems = unsafe_production({**SAFE, **change})
    assert len(problems) == 1
    assert word in problems[0]
    assert problems[0].endswith(".")


def test_sqlite_may_serve_with_a_single_worker():
    assert unsafe_production({**SAFE, "DATABASES": SQLITE, "WORKERS": 1}) == []


def test_plain_http_may_be_allowed_on_a_closed_network():
    assert unsafe_production({**SAFE, "SITE_URL": "http://10.0.0.5", "INSECURE_HTTP": True}) == []


def test_all_problems_are_named_at_once():
    assert len(unsafe_production({})) >= 5


def test_no_sentence_repeats_a_secret():
    problems = unsafe_production({**SAFE, "SECRET_KEY": "rahasia-pendek", "AUDIT_KEY": "rahasia-pendek"})
    assert problems
    assert not any("rahasia-pendek" in sentence for sentence in problems)
