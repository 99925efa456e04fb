"""What `import posecount` promises."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import posecount

PYPROJECT = (Path(__file__).parents[1] / "pyproject.toml").read_text()


def test_the_public_names() -> None:
    assert posecount.__all__ == sorted(posecount.__all__)
    assert set(posecount.__all__) == {
        "__version__", "analyze", "Analysis", "Session", "Landmarker", "PosecountError",
        "Frame", "Pose", "State", "Rep", "Hold", "Notice", "Summary",
    }  # fmt: skip
    for name in posecount.__all__:
        assert getattr(posecount, name) is not None


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="analyse"):
        posecount.analyse  # noqa: B018


def test_both_versions_are_one() -> None:
    assert re.findall(r'^version = "(.+)"$', PYPROJECT, re.MULTILINE) == [posecount.__version__]


@pytest.mark.parametrize("code", ["import posecount", "from posecount import Session, Rep, PosecountError"])
def test_importing_loads_neither_mediapipe_nor_opencv(code: str) -> None:
    check = f"{code}; import sys; print(*{{'mediapipe', 'cv2'}} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""
