"""What we add to Pelican, one capability a room; list them in full: ``plugins.series``."""
