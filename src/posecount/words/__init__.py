"""Every word posecount says, one file a language: NAME.toml, looked up by key."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from posecount import tomlfile
from posecount.errors import PosecountError

FOLDER = Path(__file__).parent


def languages() -> tuple[str, ...]:
    return tuple(sorted(file.stem for file in FOLDER.glob("*.toml")))


class Words:
    """`Words("de")("cue.bounce")`: the text of that key, its {places} filled from the keywords."""

    def __init__(self, language: str = "en") -> None:
        if language not in languages():
            raise PosecountError(f"no words in the language {language!r}; there are {', '.join(languages())}")
        self.language = language
        self._texts = catalogue(language)

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def __call__(self, key: str, **places: object) -> str:
        return self._texts[key].format(**places)

    def number(self, value: float) -> str:
        """As short as it goes, with the language's decimal point."""
        return f"{value:g}".replace(".", self._texts["language.decimal_point"])


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All texts of a language by dotted key, for those who need them at once, such as a web page."""
    top = tomlfile.read(FOLDER / f"{language}.toml")
    sections = {name: top.table(name) for name in top.keys()}
    return MappingProxyType(
        {f"{name}.{key}": table.text(key) for name, table in sections.items() for key in table.keys()}
    )
