"""Wrong settings are told by name."""

from __future__ import annotations

import pytest

from plugins.pictures.adapter import DEFAULTS, own_settings
from plugins.source.problem import SourceError


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PICTURES_WIDTHS", ()),
        ("PICTURES_WIDTHS", (600, 600)),
        ("PICTURES_WIDTHS", "600"),
        ("PICTURES_WIDTHS", (0,)),
        ("PICTURES_WIDTHS", (600.0,)),
        ("PICTURES_SIZES", " "),
        ("PICTURES_FORMATS", ("jpeg",)),
        ("PICTURES_FORMATS", "avif"),
        ("PICTURES_QUALITY", {"avif": 0}),
        ("PICTURES_QUALITY", {"png": 50}),
        ("PICTURES_QUALITY", 50),
        ("PICTURES_MAX_MEGAPIXELS", 0),
        ("PICTURES_MAX_MEGABYTES", True),
    ],
)
def test_a_wrong_setting_is_told(name: str, value: object) -> None:
    with pytest.raises(SourceError) as caught:
        own_settings({**DEFAULTS, name: value})
    (problem,) = caught.value.problems
    assert (problem.file, problem.field) == ("pelicanconf.py", name)
    assert problem.remedy
