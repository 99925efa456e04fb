"""TOML read field by field: a mistake becomes one line naming file, line, field and what is expected."""

import difflib
import re
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NoReturn

from posecount.errors import PosecountError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FieldPath = tuple[str | int, ...]
Lines = Mapping[FieldPath, int]

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*[\w"'-]+)*)\s*=""")


class Table:
    """One table of a TOML file. Every getter raises PosecountError when the field is not as expected."""

    def __init__(self, file: Path, lines: Lines, path: FieldPath, values: dict[str, Any]) -> None:
        self.file = file
        self._lines = lines
        self._path = path
        self._values = values

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def keys(self) -> tuple[str, ...]:
        return tuple(self._values)

    def fail(self, key: str | int | None, expected: str) -> NoReturn:
        """`key` None blames the table itself."""
        path = self._path if key is None else (*self._path, key)
        line = next((self._lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self._lines), 1)
        raise PosecountError(f"{self.file}:{line}: {_spelt(path) or 'file'}: {expected}")

    def only(self, keys: Collection[str]) -> None:
        """Any other field is a mistake, most likely a misspelt one."""
        for key in self._values:
            if key not in keys:
                near = difflib.get_close_matches(key, keys, 1)
                hint = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(sorted(keys))}"
                self.fail(key, f"no such field here; {hint}")

    def text(self, key: str, default: str | None = None) -> str:
        value = self._values.get(key, default)
        if not isinstance(value, str) or not (value.strip() or value == default):
            self.fail(key, f"expected text, {self._found(key)}")
        return value

    def texts(self, key: str, least: int = 0) -> tuple[str, ...]:
        """One text stands for a list of one."""
        value = self._values.get(key, [])
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list):
            self.fail(key, f"expected a list of texts, {self._found(key)}")
        for each in value:
            if not (isinstance(each, str) and each.strip()):
                self.fail(key, f"expected a list of texts, found {each!r} in it")
        if len(value) < least:
            self.fail(key, f"expected at least {least} text, {self._found(key)}")
        return tuple(value)

    def number(self, key: str, above: float = 0.0) -> float:
        value = self._values.get(key)
        # NaN fails the comparison, as it should; true and false are ints to Python, but no numbers.
        if isinstance(value, bool) or not isinstance(value, int | float) or not above < value < float("inf"):
            self.fail(key, f"expected a number above {above:g}, {self._found(key)}")
        return float(value)

    def choice(self, key: str, options: Collection[str], default: str | None = None) -> str:
        value = self._values.get(key, default)
        if not isinstance(value, str) or value not in options:
            self.fail(key, f"expected one of {', '.join(options)}, {self._found(key)}")
        return value

    def table(self, key: str) -> "Table":
        """Empty when the field is missing."""
        return self._sub((key,), self._values.get(key, {}))

    def tables(self, key: str, least: int = 0) -> tuple["Table", ...]:
        value = self._values.get(key, [])
        if not isinstance(value, list) or len(value) < least:
            self.fail(key, f"expected [[{key}]], {self._found(key)}")
        return tuple(self._sub((key, n), each) for n, each in enumerate(value))

    def _sub(self, path: FieldPath, value: object) -> "Table":
        if not isinstance(value, dict):
            Table(self.file, self._lines, self._path + path[:-1], {}).fail(path[-1], "expected a table")
        return Table(self.file, self._lines, self._path + path, value)

    def _found(self, key: str) -> str:
        if key not in self._values:
            return "but it is missing"
        value = self._values[key]
        if isinstance(value, list | dict):
            return f"found {'a list' if isinstance(value, list) else 'a table'}"
        return f"found {str(value).lower() if isinstance(value, bool) else repr(value)}"


def read(file: Path, words: Path | None = None) -> Table:
    """The file's top table; the fields of the file `words`, a translation, take the place of its own."""
    text = _text(file)
    values = _parse(file, text)
    if words is not None:
        values = overlay(values, _parse(words, _text(words)))
    return Table(file, _lines(text), (), values)


def overlay(values: Any, others: Any) -> Any:
    """`others` over `values`: tables field by field, lists of tables one by one, anything else as a whole."""
    if isinstance(values, dict) and isinstance(others, dict):
        return values | {key: overlay(values.get(key), each) for key, each in others.items()}
    if isinstance(values, list) and isinstance(others, list) and isinstance((values or [0])[0], dict):
        return [overlay(*pair) for pair in zip(values, others, strict=False)] + values[len(others) :]
    return others


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise PosecountError(f"{file}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise PosecountError(f"{file}: expected a text file in UTF-8") from None


def _parse(file: Path, text: str) -> dict[str, Any]:
    """The bare values; `file` is only for the message."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason, _, place = str(error).partition(" (at ")
        line = re.search(r"line (\d+)", place)
        number = line[1] if line else len(text.splitlines())
        raise PosecountError(f"{file}:{number}: not TOML: {reason}") from None


def _lines(text: str) -> dict[FieldPath, int]:
    """On which line, from 1, each field and table begins (tomllib does not tell)."""
    lines: dict[FieldPath, int] = {}
    counts: dict[FieldPath, int] = {}
    table: FieldPath = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _within(_parts(header[2]), counts)
            if header[1] == "[[":
                lines.setdefault(table, number)
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault(table + _parts(key[1]), number)
    return lines


def _within(path: FieldPath, counts: Mapping[FieldPath, int]) -> FieldPath:
    """A header's path with the places in lists that TOML leaves unsaid: [a.b] after [[a]] is a, 0, b."""
    full: FieldPath = ()
    for part in path[:-1]:
        full = (*full, part)
        if full in counts:
            full = (*full, counts[full])
    return (*full, *path[-1:])


def _parts(key: str) -> FieldPath:
    return tuple(part.strip().strip("\"'") for part in key.split("."))


def _spelt(path: FieldPath) -> str:
    """As people count: variants[1] is the first."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
