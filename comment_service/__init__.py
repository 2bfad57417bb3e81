"""The server that takes comments in and lets the author moderate them (Django, one app)."""
