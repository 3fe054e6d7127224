"""E-mail through Django's mail backend: a mail server in production, files under var/ in the demonstration."""
import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from amanah.foundation.kernel.errors import Unavailable
from amanah.foundation.messages.adapters import Accepted, Outgoing, Undeliverable

_FINAL = (smtplib.SMTPAuthenticationError, smtplib.SMTPSenderRefused, smtplib.SMTPNotSupportedError)


def send(out: Outgoing) -> Accepted:
    """Hand one e-mail to the mail server. Accepted counts as delivered: a server that finds no mailbox later says so to the sender's address."""
    smtp = settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")
    if smtp and not settings.EMAIL_HOST:
        raise Unavailable(_("Server e-mail belum diatur oleh pengelola."), permanent=True)
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    mail = EmailMessage(out.subject, out.text, to=[out.address],
                        headers={"Message-ID": f"<{out.key}@{host}>", "Auto-Submitted": "auto-generated"})  # the same for every try
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _words in error.recipients.values()]
        if all(500 <= code < 600 for code in codes):
            raise Undeliverable() from error
        raise Unavailable() from error
    except _FINAL as error:
        raise Unavailable(permanent=True) from error
    except (smtplib.SMTPException, OSError) as error:
        raise Unavailable() from error
    return Accepted(out.key, delivered=True, simulated=not smtp)
