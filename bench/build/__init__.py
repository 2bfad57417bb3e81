"""How long builds take: ours beside Hugo, Eleventy and stock Pelican, on the same invented site."""

from __future__ import annotations


def run(quick: bool = False, cases: str = "", posts: int = 0, rounds: int = 0) -> None:
    """
    Measure; a site of 5,000 posts is written to RESULTS.md, another size only shown.

    Args:
        quick: 500 posts and 2 rounds.
        cases: Some of „cold,changes,serve,growth,small“; all if empty.
        posts: Size of the site.
        rounds: How often everything is measured.

    """
    from bench import packages
    from bench.build import suite

    packages.ensure("hugo", "typogrify")
    usual = (suite.QUICK_POSTS, suite.QUICK_ROUNDS) if quick else (suite.POSTS, suite.ROUNDS)
    plan = suite.Plan(posts or usual[0], rounds or usual[1])
    names = [name for name in cases.replace(" ", "").split(",") if name]
    suite.measure(names or list(suite.PARTS), plan, is_recorded=plan.posts == suite.POSTS)
