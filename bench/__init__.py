"""Programs that measure; what they found is in RESULTS.md."""
