"""What the pages of sign-in say that no model knows."""
from django import template
from django.utils.translation import gettext as _

register = template.Library()
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"))


@register.simple_tag
def device(user_agent: str) -> str:
    """A browser's description of itself as people would say it: "Chrome di Android". Order matters: Edge calls itself Chrome too."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), _("Peramban lain"))
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return _("%(browser)s di %(system)s") % {"browser": browser, "system": system} if system else browser
