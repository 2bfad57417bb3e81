"""What differs when the site goes out. Secrets come from the environment, never from this file."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
from pelicanconf import *  # noqa: F403
