"""The one-time link with which somebody sets the first password of an account that was opened for them."""
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from amanah.foundation.access.models import Account


def first_password_link(account: Account) -> str:
    """An absolute address, good once and for `PASSWORD_RESET_TIMEOUT`."""
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(account), "key": default_token_generator.make_token(account)})
    return f"{settings.SITE_URL}{path}"
