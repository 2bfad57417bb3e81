"""
Incremental, parallel builds: what did not change is not read, not rendered and not written again.

`adapter.Pelican` is the setting ``PELICAN_CLASS``; there is nothing to list in ``PLUGINS``. How it works:

- `scan`     finds what changed since the last build, before Pelican is imported.
- `contents` keeps what reading a post gave (metadata and final HTML) and makes objects of it again.
- `recording` notes which attributes of which objects, and which names of the context, a page's template read.
- `readers`  says, to a process that stays, which pages have read what has changed.
- `writer`   leaves a page alone if nothing of that changed; else it waits, to be rendered on all cores.
- `fragments` keeps what takes long to draw of a page, such as its comments, for when the rest of it changes;
- `functions` says what the filters in them know, so which settings do not matter.
- `store`    keeps all this in one SQLite file, written in one transaction at the end of a build.

What it is not sure of, it builds again: a cache that is damaged or from another version, an output file that
somebody touched, a page that read something whose changes cannot be followed.

Settings (all set by `publishing.build`, none by the author):

- ``BUILD_CACHE``: the file of the cache; by default in ``CACHE_PATH``, named after the output folder.
- ``BUILD_CLEAN``: whether to forget what the cache has.
- ``BUILD_STORE``: an open `store.Store`, kept by a process that builds again and again.
- ``BUILD_STAMPS``: the stamps of the author's files, if somebody has looked at them already.
- ``BUILD_PROGRESS``: a function (stage, done, total).
- ``BUILD_TIMES``: a `session.Times`, for whoever wants to know where the time went.
- ``PAGE_FACTS``: a function (name, html, address, split) of what a check needs of a page; kept with the page.
  *split* is `fragments.Fragments.found`.

For other plugins, while a build runs:

- ``BUILD``: the `adapter.Build` that runs.
- ``MEMORISE``: a function (key, make) that returns what an earlier build made for that key.
- ``READ_FACTS``: for each kind of thing that a text can depend on, a function (key) of what it is now.
- ``RENDER_INPUTS``: by name, plain values on which all pages depend.

A generator of a plugin whose class has ``reads_no_texts = True`` says that its own code reads no post's text: not
its content, and not its summary; only templates do. It is not asked again while `again` goes on from a build.

For templates: ``fragment("partials/list.html", items=…)`` is what that template makes of these values. It sees
nothing else of the page, and is drawn again when the values or the template have changed. Other settings draw it
again, too, if it calls more than Jinja's own filters and functions of modules of ours, which must know their
arguments and nothing else.
"""

from __future__ import annotations
