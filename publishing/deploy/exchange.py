"""Let two names change places in one step, where the system can do it."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

_AT_FDCWD = -100
#: renameat2(2) on Linux, renamex_np(2) on macOS; both flags are 2.
_SWAP = 2


def exchange(one: Path, other: Path) -> bool:
    """
    Swap *one* and *other*, files or folders; return whether that was possible.

    False is the answer of systems and file systems that cannot do it; then nothing has changed.
    """
    names = os.fsencode(one), os.fsencode(other)
    library = ctypes.CDLL(None)
    if sys.platform == "darwin" and hasattr(library, "renamex_np"):
        return bool(library.renamex_np(*names, ctypes.c_uint(_SWAP)) == 0)
    if hasattr(library, "renameat2"):
        arguments = (_AT_FDCWD, names[0], _AT_FDCWD, names[1], ctypes.c_uint(_SWAP))
        return bool(library.renameat2(*arguments) == 0)
    return False
