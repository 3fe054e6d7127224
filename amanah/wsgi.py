"""What the web server imports."""
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
