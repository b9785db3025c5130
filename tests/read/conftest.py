"""Let these tests import ``simulate`` and ``texts`` beside them, and set how hard hypothesis tries."""

import os
import sys
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))

# The first case of a run loads tables, so a case has no deadline. `HYPOTHESIS_PROFILE=long` for a release.
settings.register_profile("quick", max_examples=60, deadline=None)
settings.register_profile("long", max_examples=10_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
