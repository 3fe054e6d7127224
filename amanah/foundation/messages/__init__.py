"""Messages to people: templates in Indonesian and English, in the application, by e-mail, SMS and WhatsApp, stored first and sent after.

Not for: notes on the next page after a click (django.contrib.messages), letters with legal effect (`engine.letters`), or messages between officials.
"""
