"""Sign-in: the pages, the adapter and the middleware around django-allauth, in our words, under our content security policy.

Password and a second proof (app or passkey) for everybody who works with other people's data; OpenID Connect in both directions when it is
configured; one click per role in the demonstration and nowhere else. What somebody may do stands in `amanah.foundation.access`, not here.
"""
