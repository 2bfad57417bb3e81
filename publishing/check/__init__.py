"""The check of a built site: dead links, anchors and pictures, missing alt texts, foreign requests."""

from publishing.check.core import Finding, findings
from publishing.check.report import problems_and_warnings

__all__ = ["Finding", "findings", "problems_and_warnings"]
