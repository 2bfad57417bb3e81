"""
Passwords from the keyring of the system, for whoever does not want them in the environment.

They are there under the service „mittwochspost“ and the name of the variable, if the package keyring is
installed; what the environment has comes first. We do not install it: on a server there is no keyring.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from collections.abc import Iterable

SERVICE = "mittwochspost"


def fill(variables: Iterable[str]) -> None:
    """Set those of the environment *variables* that are missing and that the keyring knows."""
    missing = [name for name in variables if not os.environ.get(name)]
    if not missing or importlib.util.find_spec("keyring") is None:
        return
    keyring = importlib.import_module("keyring")
    for name in missing:
        try:
            value = keyring.get_password(SERVICE, name)
        except keyring.errors.KeyringError:
            # Locked, or none on this system: whoever needs the password says that it is missing.
            return
        if value:
            os.environ[name] = value
