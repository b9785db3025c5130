"""How Chinese says each class and property: the YAML files of an ontology's ``lexicon`` folder.

Every file is data with examples and counter-examples that the tests run; another domain brings another folder.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kg.errors import OntologyError

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def read_lexicon(folder: Path, name: str) -> Any:
    """What ``folder/name.yaml`` holds.

    Raises:
        OntologyError: the file is missing or not YAML.
    """
    path = folder / f"{name}.yaml"
    try:
        return yaml.load(path.read_text("utf-8"), Loader=_Loader)
    except OSError as error:
        raise OntologyError(f"the lexicon {path} cannot be read ({error.strerror}); restore it") from error
    except yaml.YAMLError as error:
        place = " ".join(str(error).split())
        raise OntologyError(f"the lexicon {path} is not YAML ({place}); mend that line") from error
