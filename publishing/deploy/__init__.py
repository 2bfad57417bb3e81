"""
Deployment: bring a built site to where readers are.

The setting ``DEPLOY`` names a target and its options. A target is a module here with a function
``deploy(output, options, base) -> Deployed``; `TARGETS` lists them.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from publishing.deploy import folder
from publishing.deploy.result import Deployed, DeployError

__all__ = ["TARGETS", "DeployError", "Deployed", "deploy", "target"]

Target = Callable[[Path, Mapping[str, Any], Path], Deployed]
TARGETS: dict[str, Target] = {"folder": folder.deploy}


def target(options: Mapping[str, Any]) -> Target:
    """
    Return the target that *options* name.

    Raises:
        DeployError: There is no such target.
    """
    if not isinstance(options, Mapping):
        raise DeployError(
            "DEPLOY: Das sind keine Angaben zu einem Ziel – schreiben Sie "
            'DEPLOY = {"target": "folder", "path": "public"}.'
        )
    name = str(options.get("target", ""))
    if name not in TARGETS:
        near = difflib.get_close_matches(name, TARGETS, n=1)
        hint = f"Meinten Sie „{near[0]}“?" if near else f"Möglich sind: {', '.join(TARGETS)}."
        raise DeployError(f"DEPLOY: Das Ziel „{name}“ gibt es nicht – {hint}")
    return TARGETS[name]


def deploy(output: Path, options: Mapping[str, Any], base: Path) -> Deployed:
    """
    Deploy *output* to the target that *options* name; relative paths in them start at *base*.

    Raises:
        DeployError: The target is unknown or refuses. What readers see is as before.
    """
    return target(options)(output, options, base)
