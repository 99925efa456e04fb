"""The model files: ours, or a user's own."""

import hashlib
import zipfile
from importlib import resources
from pathlib import Path

from posecount.errors import PosecountError

MODELS = ("heavy", "full")
SHA256 = {
    "heavy": "64437af838a65d18e5ba7a0d39b465540069bc8aae8308de3e318aad31fcbc7b",
    "full": "9adbb3bf47dfcbb067674648b9b63d3ee356adfcd656484d583d253da152402e",
}
PARTS = {"pose_detector.tflite", "pose_landmarks_detector.tflite"}


def bundle(model: str | Path) -> Path:
    """The file of `heavy`, of `full`, or the one at a path. Raises PosecountError when missing or damaged."""
    if str(model) in MODELS:
        return _own_bundle(str(model))
    path = Path(model)
    if not path.is_file():
        raise PosecountError(f"there is no model {model}: say heavy, full, or the path of a .task file")
    if not zipfile.is_zipfile(path) or not PARTS <= set(zipfile.ZipFile(path).namelist()):
        raise PosecountError(f"{path} is not a MediaPipe pose landmarker, or is damaged; try heavy or full")
    return path


def _own_bundle(model: str) -> Path:
    name = f"pose_landmarker_{model}.task"
    installed = Path(str(resources.files("posecount"))) / "models" / name
    checkout = Path(__file__).parents[2] / "models" / name
    path = installed if installed.is_file() else checkout
    if not path.is_file():
        raise PosecountError(f"the model {name} is missing; install posecount again")
    if hashlib.sha256(path.read_bytes()).hexdigest() != SHA256[model]:
        raise PosecountError(f"the model {path} is damaged; install posecount again")
    return path
