"""Every setting of the program, read from the environment; a wrong value stops the start with a sentence.

Three modes, chosen by AMANAH_MODE: `demo` (SQLite, sandbox twins, one-click sign-in), `test`, and `production`,
which refuses to start on anything unsafe (`amanah.foundation.kernel.environment.unsafe_production`). All variables: docs/operations.md.
"""
import sys
from pathlib import Path

from amanah.foundation.files.configuration import file_storage
from amanah.foundation.kernel import environment as env
from amanah.foundation.kernel.seal import Seal
from amanah.foundation.messages.configuration import mail, receipt_keys

BASE_DIR = Path(__file__).resolve().parent.parent
MODE = env.choice("AMANAH_MODE", ("demo", "test", "production"), default="test" if "pytest" in sys.modules else "demo")
DEMO, TESTING, PRODUCTION = MODE == "demo", MODE == "test", MODE == "production"
DEBUG = env.flag("AMANAH_DEBUG", default=False)

VAR_DIR = env.folder("AMANAH_VAR", default=BASE_DIR / "var")
CITY = env.text("AMANAH_CITY", default=min(folder.name for folder in (BASE_DIR / "cities").iterdir() if folder.is_dir()))
CITY_DIR = BASE_DIR / "cities" / CITY

SECRET_KEY = env.secret("AMANAH_SECRET_KEY", default="" if PRODUCTION else env.BUILT_IN + "0" * 32)
# Keys of the audit chain: HMAC for every entry, Ed25519 (PEM, PKCS#8) for the daily checkpoint. See docs/operations.md, "Keys".
AUDIT_KEY = env.secret("AMANAH_AUDIT_KEY", default="" if PRODUCTION else env.BUILT_IN + "1" * 32)
AUDIT_OLD_KEYS = env.words("AMANAH_AUDIT_OLD_KEYS", default=[])
AUDIT_CHECKPOINT_KEY = env.secret("AMANAH_AUDIT_CHECKPOINT_KEY", default="")
AUDIT_CHECKPOINT_DIR = env.text("AMANAH_AUDIT_CHECKPOINT_DIR", default=str(VAR_DIR / "checkpoints"))
# Keys of the register: the one that seals identifiers, those it replaced (until `seal_rotate` has run), the one by which sealed values are found.
SEAL_KEY = env.secret("AMANAH_SEAL_KEY", default="" if PRODUCTION else env.BUILT_IN + "2" * 32)
SEAL_OLD_KEYS = env.words("AMANAH_SEAL_OLD_KEYS", default=[])
LOOKUP_KEY = env.secret("AMANAH_LOOKUP_KEY", default="" if PRODUCTION else env.BUILT_IN + "3" * 32)
SEAL = Seal.from_texts(SEAL_KEY, old=SEAL_OLD_KEYS, lookup_key=LOOKUP_KEY)

SITE_URL = env.text("AMANAH_SITE_URL", default="" if PRODUCTION else "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.words("AMANAH_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "testserver", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []
INSECURE_HTTP = env.flag("AMANAH_INSECURE_HTTP", default=False)  # a trial on a closed network, without TLS
WORKERS = env.number("AMANAH_WORKERS", default=2, least=1)  # processes of the web server
DEMO_SIGN_IN = env.flag("AMANAH_DEMO_SIGN_IN", default=DEMO or TESTING)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.idp.oidc",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "amanah.foundation.stores",
    "amanah.foundation.wires",
    "amanah.foundation.files",
    "amanah.foundation.jobs",
    "amanah.foundation.messages",
    "amanah.foundation.access",
    "amanah.foundation.audit",
    "amanah.foundation.outlets",
    "amanah.foundation.acts",
    "amanah.registries.territory",
    "amanah.registries.offices",
    "amanah.registries.people",
    "amanah.portals.shell",
    "amanah.portals.public",
    "amanah.portals.citizen",
    "amanah.portals.office",
]

MIDDLEWARE = [
    "amanah.portals.shell.middleware.RequestLog",
    "django.middleware.gzip.GZipMiddleware",  # a citizen's first page stays under 100 kB; Django pads each answer against BREACH
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "amanah.portals.shell.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "amanah.portals.shell.middleware.CurrentActor",
    "amanah.portals.shell.middleware.Errors",
]

ROOT_URLCONF = "amanah.urls"
WSGI_APPLICATION = "amanah.wsgi.application"
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "DIRS": [],
    "OPTIONS": {
        "context_processors": [
            "django.template.context_processors.request",
            "django.contrib.messages.context_processors.messages",
            "amanah.portals.shell.context.page",
        ],
        "loaders": [("django.template.loaders.cached.Loader", [
            "django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"])],
    },
}]

# ---------------------------------------------------------------- data
DATABASES = {"default": env.database("AMANAH_DATABASE_URL", default=f"sqlite:///{VAR_DIR}/amanah.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"} if PRODUCTION
          else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend" if TESTING else "django_tasks_db.DatabaseBackend"}}

# ---------------------------------------------------------------- sign-in
AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = (["django.contrib.auth.hashers.MD5PasswordHasher"] if TESTING else
                    ["django.contrib.auth.hashers.ScryptPasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"])
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("email", "username", "name")}},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/beranda-saya/"
LOGOUT_REDIRECT_URL = "/"
CSRF_FAILURE_VIEW = "amanah.portals.shell.errors.csrf_failed"

# ---------------------------------------------------------------- language and time
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "amanah" / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Jakarta"  # WIB, UTC+07:00; the database holds UTC

# ---------------------------------------------------------------- files
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_MAX_AGE = 31536000 if PRODUCTION else 0
STORAGES = {
    "default": file_storage(VAR_DIR / "files"),
    "staticfiles": {"BACKEND": "amanah.portals.shell.assets.Assets" if not TESTING
                    else "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# ---------------------------------------------------------------- the browser's side
CONTENT_SECURITY_POLICY = {"DIRECTIVES": {
    "default-src": ["'none'"], "script-src": ["'self'"], "style-src": ["'self'"], "img-src": ["'self'", "data:", "blob:"], "font-src": ["'self'"],
    "connect-src": ["'self'"], "worker-src": ["'self'", "blob:"], "manifest-src": ["'self'"], "form-action": ["'self'"],
    "frame-ancestors": ["'none'"], "base-uri": ["'none'"],
}}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION and not INSECURE_HTTP
SECURE_SSL_REDIRECT = PRODUCTION and env.flag("AMANAH_SSL_REDIRECT", default=not INSECURE_HTTP)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by this machine, past the proxy
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("AMANAH_BEHIND_PROXY", default=False) else None
SECURE_HSTS_SECONDS = 31536000 if PRODUCTION and not INSECURE_HTTP else 0

# ---------------------------------------------------------------- logs: JSON, one line each, no personal data (amanah.portals.shell.logs)
LOGGING = {
    "version": 1, "disable_existing_loggers": False,
    "formatters": {"json": {"()": "amanah.foundation.kernel.logs.JsonFormatter"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["out"], "level": "WARNING" if TESTING else env.text("AMANAH_LOG_LEVEL", default="INFO")},
    "loggers": {"django.server": {"handlers": [], "propagate": False}, "django.request": {"level": "ERROR"}},
}

# Settings of single rooms stand below, each with the room's name.

# ---- access and portals/shell/signin: sign-in with django-allauth (docs/operations.md, "Sign-in")
INSTALLED_APPS += ["allauth.usersessions", "amanah.portals.shell.signin"]
MIDDLEWARE.insert(MIDDLEWARE.index("amanah.portals.shell.middleware.CurrentActor") + 1, "amanah.portals.shell.signin.middleware.SecondProof")
TEMPLATES[0]["DIRS"].append(BASE_DIR / "amanah" / "portals" / "shell" / "templates")  # ours stand before allauth's own
ACCOUNT_ADAPTER = "amanah.portals.shell.signin.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "amanah.portals.shell.signin.adapter.SocialAdapter"
MFA_ADAPTER = "amanah.portals.shell.signin.adapter.MFAAdapter"
IDP_OIDC_ADAPTER = "amanah.portals.shell.signin.adapter.ProviderAdapter"
ACCOUNT_FORMS = {"login": "amanah.portals.shell.signin.forms.SignInForm", "signup": "amanah.portals.shell.signin.forms.SignUpForm"}
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_DISPLAY = "amanah.portals.shell.signin.adapter.display_name"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_SESSION_COOKIE_AGE = SESSION_COOKIE_AGE
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_URL.startswith("https://") else "http"
# Wrong passwords: five in five minutes for one name, ten a minute from one address; then a page that says when to try again.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "login": "30/m/ip", "signup": "20/h/ip", "reset_password": "20/h/ip,5/h/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE_PROXY_SSL_HEADER else 0
MFA_FORMS = {"authenticate": "amanah.portals.shell.signin.forms.ProofForm", "reauthenticate": "amanah.portals.shell.signin.forms.AgainForm",
             "activate_totp": "amanah.portals.shell.signin.forms.NewAppForm", "add_webauthn": "amanah.portals.shell.signin.forms.NewKeyForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # staff may have no e-mail at all; their office vouches for them
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
# Sign in with the account of another house (OpenID Connect): the button appears when all are set.
OIDC_CLIENT = {"name": env.text("AMANAH_OIDC_NAME", default=""), "issuer": env.text("AMANAH_OIDC_ISSUER", default="").rstrip("/"),
               "client_id": env.text("AMANAH_OIDC_CLIENT_ID", default=""), "secret": env.text("AMANAH_OIDC_CLIENT_SECRET", default="")}
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [{
    "provider_id": "oidc", "name": OIDC_CLIENT["name"] or OIDC_CLIENT["issuer"], "client_id": OIDC_CLIENT["client_id"], "secret": OIDC_CLIENT["secret"],
    "settings": {"server_url": OIDC_CLIENT["issuer"], "fetch_userinfo": True}}] if OIDC_CLIENT["issuer"] and OIDC_CLIENT["client_id"] else []}}
if OIDC_CLIENT["issuer"]:
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append("/".join(OIDC_CLIENT["issuer"].split("/")[:3]))  # the button leads there
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
# Let other applications use our accounts: an RSA private key (PEM) switches the provider on.
IDP_OIDC_PRIVATE_KEY = env.text("AMANAH_OIDC_PROVIDER_KEY", default="")

# ---- messages: the mail server, all EMAIL_… and DEFAULT_FROM_EMAIL (docs/operations.md, "Settings")
globals().update(mail(VAR_DIR / "emails", production=PRODUCTION))
RECEIPT_KEYS = receipt_keys()  # what a provider signs its receipts with

# Keep this last: a real city never starts on anything unsafe.
if PRODUCTION and (problems := env.unsafe_production(globals())):
    raise env.Misconfigured("Amanah does not start like this:\n" + "\n".join(f"- {sentence}" for sentence in problems))
