"""
What is measured, and in which order.

Programs are measured in turn, round by round, so that a busy machine is busy for all of them. After
all changes our site is compared, byte for byte, with a clean build (not timed).
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bench.build import checks, report
from bench.build.changes import CASES, edited
from bench.build.measure import Sample
from bench.build.model import Post
from bench.build.outline import FEED
from bench.build.peers import eleventy, hugo, pelican
from bench.build.report import COLD, EDIT, HUGO, LISTS, OURS, PAGE, Section
from bench.build.serving import free_port, seconds_until, serving
from bench.build.sites import OwnSite, PeerSite
from bench.build.workshop import Workshop
from bench.results import machine, write_section
from plugins.german.core import slug
from plugins.source.problem import AuthorError
from publishing.console import say

POSTS, TIPS = 5_000, 520
QUICK_POSTS = 500
GROWTH = (500, 5_000, 20_000)
ROUNDS, QUICK_ROUNDS = 5, 2
PEERS = (hugo, eleventy, pelican)


@dataclass(frozen=True)
class Plan:
    """What to measure: how big a site, how often, and in which folder."""

    posts: int = POSTS
    rounds: int = ROUNDS
    folder: Path = Path()

    @property
    def tips(self) -> int:
        """As many as come with that many posts."""
        return self.posts * TIPS // POSTS

    @property
    def size(self) -> str:
        """The site, for headings."""
        return f"{self.posts:,} posts and {self.tips:,} tips"

    def numbers(self) -> range:
        """Return the numbers of the rounds."""
        return range(1, self.rounds + 1)

    def own(self) -> OwnSite:
        """Return our program with the site."""
        say(f"{self.posts} Beiträge und {self.tips} Tipps schreiben …")
        return OwnSite.made(self.folder, self.posts, self.tips)

    def peers(self, own: OwnSite) -> list[PeerSite]:
        """Return the peers with the same site."""
        return [PeerSite.made(peer, self.folder / peer.NAME, own.desk.site) for peer in PEERS]


def measure_cold(plan: Plan) -> Section:
    """Measure cold builds of all programs."""
    own = plan.own()
    peers = plan.peers(own)
    sites: dict[str, OwnSite | PeerSite] = {OURS: own} | {peer.name: peer for peer in peers}
    samples: defaultdict[str, list[Sample]] = defaultdict(list)
    for number in plan.numbers():
        for name, site in sites.items():
            site.forget()
            samples[name].append(site.build())
            _tell(number, f"{name}, alles neu", samples[name][-1])
    for name, site in sites.items():
        checks.check_texts(name, site.output, own.desk.site.posts)
    pages = {name: len(list(site.output.rglob("*.html"))) for name, site in sites.items()}
    return report.cold(plan.size, samples, pages)


def measure_changes(plan: Plan) -> Section:
    """Measure builds in a new process after each kind of change, beside the peers' after an edit."""
    own = plan.own()
    peers = plan.peers(own)
    say("Erster Build aller Programme …")
    own.build()
    for peer in peers:
        peer.build(is_cached=True)
    ours: defaultdict[str, list[Sample]] = defaultdict(list)
    theirs: defaultdict[str, list[Sample]] = defaultdict(list)
    for number in plan.numbers():
        for case, change in CASES.items():
            change(own.desk)
            ours[case].append(own.build())
            _tell(number, case, ours[case][-1])
        post = own.desk.site.posts[-number]
        for peer in peers:
            peer.save(edited(post, f"Nachtrag{number}"))
            theirs[peer.name].append(peer.build(is_cached=True))
            _tell(number, f"{peer.name}, {EDIT}", theirs[peer.name][-1])
    own.check_equal("all changes")
    return report.changes(plan.size, ours, theirs)


def measure_serving(plan: Plan) -> Section:
    """Measure how long a saved post takes to the reader in `invoke serve` and `hugo server`."""
    own = plan.own()
    beside = PeerSite.made(hugo, plan.folder / HUGO, own.desk.site)
    port, hugo_port = free_port(), free_port()
    post = own.desk.site.posts[-1]
    page = f"/blog/{post.slug}/"
    seconds: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    say("Beide Vorschauen starten …")
    shop, hugo_command = own.shop, hugo.server_command(beside.folder, hugo_port)
    with (
        serving(
            shop.command("serve", "--port", str(port)), shop.folder, shop.environment(), port, page
        ),
        serving(hugo_command, beside.folder, os.environ, hugo_port, page),
    ):
        # The first round warms both up.
        for number in range(plan.rounds + 1):
            for name, save, its_port in (
                (OURS, own.desk.save, port),
                (HUGO, beside.save, hugo_port),
            ):
                # Nobody saves twice in a second; both watch for what comes after the last change.
                time.sleep(1)
                to_page, to_lists = _saved(post, number, save, its_port)
                if number:
                    seconds[name, PAGE].append(to_page)
                    seconds[name, LISTS].append(to_lists)
                    say(f"  {number}. {name}: Seite {to_page:.2f} s, Listen {to_lists:.2f} s")
    return report.serving(plan.size, seconds)


def _saved(post: Post, number: int, save: Callable[[Post], None], port: int) -> tuple[float, float]:
    """Save a change; return the seconds until it is on its page, and until it is everywhere."""
    # Too short for soft hyphens, which would hide it.
    word = f"Nr{number:02d}"
    # The summary is in the lists, the text on the page and in the feed.
    save(replace(edited(post, word), summary=f"Das ist neu: {word}."))
    saved = time.perf_counter()
    lists = ["/", f"/themen/{slug(post.category)}/", f"/{FEED}"]
    return (
        seconds_until(port, [f"/blog/{post.slug}/"], word, saved),
        seconds_until(port, lists, word, saved),
    )


def measure_growth(plan: Plan) -> Section:
    """Measure how cold builds and edits grow with the site."""
    sizes = GROWTH if plan.posts == POSTS else (plan.posts // 4, plan.posts)
    samples: defaultdict[tuple[int, str], list[Sample]] = defaultdict(list)
    for posts in sizes:
        there = replace(plan, posts=posts, folder=plan.folder / str(posts))
        own = there.own()
        samples[posts, COLD].append(own.build())
        _tell(1, "alles neu", samples[posts, COLD][0])
        for number in plan.numbers():
            own.desk.edit_body()
            samples[posts, EDIT].append(own.build())
            _tell(number, EDIT, samples[posts, EDIT][-1])
        own.check_equal(f"{posts} posts")
        shutil.rmtree(there.folder)
    return report.growth(sizes, samples)


def measure_small(plan: Plan) -> Section:
    """Measure our own site: what `invoke build` takes where most authors are."""
    shop = Workshop.of_this_blog(plan.folder / "ours")
    post = next(path for path in sorted(shop.content.glob("artikel/*.md")))
    samples: defaultdict[str, list[Sample]] = defaultdict(list)
    for number in plan.numbers():
        shop.forget()
        samples[COLD].append(shop.invoke("build"))
        _tell(number, "eigene Website, alles neu", samples[COLD][-1])
        text = post.read_text("utf-8")
        post.write_text(f"{text}\nNachtrag {number}.\n", "utf-8")
        samples[EDIT].append(shop.invoke("build"))
        _tell(number, f"eigene Website, {EDIT}", samples[EDIT][-1])
    clean = Workshop(plan.folder / "reference", content=shop.content, data=shop.data)
    clean.invoke("build", "--no-deploy", "--content", str(shop.content))
    checks.check_equal("our own site", shop.output, clean.output)
    return report.small(len(list(shop.output.glob("blog/*/index.html"))), samples)


def _tell(number: int, what: str, sample: Sample) -> None:
    seconds = f"{sample.cpu_s:.2f} s CPU, {sample.wall_s:.2f} s".replace(".", ",")
    say(f"  {number}. {what}: {seconds}, {sample.peak_mib:.0f} MiB")


PARTS: dict[str, Callable[[Plan], Section]] = {
    "cold": measure_cold,
    "changes": measure_changes,
    "serve": measure_serving,
    "growth": measure_growth,
    "small": measure_small,
}


def measure(names: Sequence[str], plan: Plan, is_recorded: bool) -> None:
    """
    Measure these parts, print them, and, if *is_recorded*, write them to RESULTS.md.

    Raises:
        AuthorError: There is no such part, or a program failed.
        WrongError: What was built is not right.
    """
    if unknown := [name for name in names if name not in PARTS]:
        raise AuthorError(
            f"Unbekannt: {', '.join(unknown)}. Messen lassen sich: {', '.join(PARTS)}."
        )
    # `timeout` and service managers end us with SIGTERM; that, too, must clear what lies around.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for name in names:
        say(f"{name}, {plan.rounds} Durchgänge", "bold")
        with _scratch(plan) as there:
            text = PARTS[name](there).markdown(_made_with())
        say(f"\n{text}\n")
        if is_recorded:
            write_section(f"build: {name}", text)
    if is_recorded:
        say("Die Zahlen stehen in bench/RESULTS.md.", "green")


@contextmanager
def _scratch(plan: Plan) -> Iterator[Plan]:
    with tempfile.TemporaryDirectory(prefix="mittwochspost-bench-") as folder:
        yield replace(plan, folder=Path(folder))


def _made_with() -> str:
    from importlib.metadata import version

    own = f"ours on Pelican {version('pelican')} with Markdown {version('markdown')}"
    peers = ", ".join(peer.version() for peer in PEERS)
    return f"{machine()};\n{own}; {peers}."
