"""What the notebook showed, and the definitions that it is asked of."""

import json
from datetime import datetime, timezone
from pathlib import Path

from PACKAGE.definitions import defs

PREDICTIONS = json.loads(
    (Path(__file__).parent / "predictions.json").read_text(encoding="utf-8")
)
NOW = datetime.fromtimestamp(PREDICTIONS["now"] / 1000, timezone.utc)
repository = defs.get_repository_def()


def name_of(one):
    """What a test is called: the names in what is asked, and the key."""
    parts = [one.get(part) for part in ("name", "asset", "job", "upstream", "downstream", "key", "about")]
    return " ".join("/".join(part) if isinstance(part, list) else part for part in parts if part)
