"""
The collection of weekly tips and its pages.

``content/tipps/<year>.yaml`` is a list of entries (`core.Tip`), one for a Wednesday. Each tip has a page for
ever (``/tipps/2026-kw02/``: ISO year and week); the newest is the tip of the week; there are
years, topics, a register from A to Z, a tip drawn for each day and a quiz. Tips after ``SITE_DATE`` are nowhere.

Settings: ``TIPS_PATH`` ("tipps"), ``TIPS_TOPICS`` (the closed list of topics), ``TIPS_URL``.
Templates: ``tips.html``, ``tip.html``, ``tips_year.html``, ``tips_topic.html``, ``tips_register.html``,
``tips_random.html``, ``tips_quiz.html``; all templates get ``tip_of_the_week``. Other plugins find the tips in
``TIPS_COLLECTION``.
"""


def register() -> None:
    """Connect to Pelican, which is imported only now: cores are used without it, too."""
    from plugins.tips import adapter

    adapter.register()
