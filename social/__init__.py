"""
The tips on social networks: how each counts, what text it gets, and how it gets there once only.

Pure: `counting` (with `links` and `tlds`), `facets`, `texts`, `ledger`'s entries, `yaml_insert`. The network is
reached by `mastodon` and `bluesky` through `http`; `sending` says in which order, `commands` tells
the author.
"""
