"""Programs that measure; what they found is in RESULTS.md."""

from __future__ import annotations

from plugins.source.problem import AuthorError

BENCHES = ("typography",)


def run(name: str) -> None:
    """
    Run the bench *name* and write its section of RESULTS.md.

    Raises:
        AuthorError: There is no such bench.
    """
    if name not in BENCHES:
        raise AuthorError(f"Was soll gemessen werden? Möglich ist: {', '.join(BENCHES)}.")
    from bench import typography

    typography.run()
