"""Read the author's files: UTF-8 text, front matter, YAML with line numbers, one model for each kind."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Annotated, Any, ClassVar, Literal, TypeVar

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)
from pydantic_core import ErrorDetails

from plugins.aliases.core import AliasError, checked_old
from plugins.source.problem import Problem, SourceError

Key = str | int
Path = tuple[Key, ...]

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# Nothing prints them, XML forbids most of them, and Markdown uses U+0002 and U+0003 for itself.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_HEADER_LINE = re.compile(r"([A-Za-z][\w-]*):[ \t]*(.*)")
_DELIMITER = re.compile(r"---[ \t]*")


@dataclass(frozen=True)
class Document:
    """A parsed YAML text: *value*, and the line on which each key path starts."""

    value: Any
    lines: Mapping[Path, int]

    def line(self, path: Path) -> int | None:
        """Return the line of *path*, or of the nearest enclosing value that has one."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path)


@dataclass(frozen=True)
class Source:
    """A Markdown file: its front matter, its body, and the line on which the body starts."""

    front_matter: Document
    body: str
    body_line: int


def decode(data: bytes, file: str) -> str:
    r"""
    Return *data* as text with ``\n`` line ends, without a byte-order mark.

    Raises:
        SourceError: *data* is not UTF-8, or has control characters.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceError(
            [
                Problem(
                    file,
                    f"Die Datei ist nicht in UTF-8 gespeichert (Byte 0x{data[error.start]:02x}).",
                    line,
                    remedy="Öffnen Sie sie im Editor und speichern Sie sie mit der Kodierung UTF-8.",
                )
            ]
        ) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if control := _CONTROL.search(text):
        raise SourceError(
            [
                Problem(
                    file,
                    f"Der Text enthält ein Steuerzeichen (U+{ord(control[0]):04X}).",
                    line_of(text, control[0]),
                    remedy="Löschen Sie es; oft ist es beim Kopieren hineingeraten.",
                )
            ]
        )
    return text


def load_yaml(text: str, file: str, first_line: int = 1) -> Document:
    """
    Return the YAML *text*; every scalar is a string, so that ``no``, ``12:30`` and ``1.10`` survive.

    Raises:
        SourceError: *text* is not YAML, or uses what only misleads: a key twice, a tag, an anchor.
    """
    lines: dict[Path, int] = {}
    problems: list[Problem] = []
    try:
        _refuse_traps(text, file, first_line)
        loader = yaml.CBaseLoader(text)
        try:
            node = loader.get_single_node()
            if node is not None:
                _walk(node, (), first_line, lines, problems, file)
            value = None if node is None or problems else loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise SourceError([_yaml_problem(error, file, first_line)]) from None
    except UnicodeEncodeError:
        raise SourceError([Problem(file, "Der Text ist kein gültiges Unicode.")]) from None
    if problems:
        raise SourceError(problems)
    return Document(value, lines)


_MAX_DEPTH = 20


def _refuse_traps(text: str, file: str, first_line: int) -> None:
    """
    Refuse tags and anchors, which swallow a word (``title: !Achtung …``), „ #1“, and endless nesting.

    Composing would repeat an anchor's value for each alias (a few lines can fill the memory),
    and libyaml crashes where brackets are nested some ten thousand deep.
    """
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        line = first_line + (event.start_mark.line if event.start_mark else 0)
        if depth > _MAX_DEPTH:
            raise SourceError(
                [
                    Problem(
                        file,
                        "Das YAML ist zu tief verschachtelt.",
                        line,
                        remedy="Setzen Sie Text mit eckigen oder geschweiften Klammern in "
                        "Anführungszeichen.",
                    )
                ]
            )
        if isinstance(event, yaml.NodeEvent) and (event.anchor or getattr(event, "tag", None)):
            raise SourceError([_sign_problem(file, line)])
        if isinstance(event, yaml.ScalarEvent) and not event.style and event.end_mark:
            end = event.end_mark
            _refuse_swallowed_text(text, end.index, file, first_line + end.line)


# „ # so“ is a comment that somebody meant; „ #1“ and „ #Schlagwort“ are text that would be lost.
_SWALLOWED = re.compile(r"[ \t]+(#[^\s#]\S*)")


def _refuse_swallowed_text(text: str, position: int, file: str, line: int) -> None:
    if match := _SWALLOWED.match(text, position):
        raise SourceError(
            [
                Problem(
                    file,
                    f"Ab „{match[1]}“ ginge der Text verloren: # beginnt in YAML eine Anmerkung.",
                    line,
                    remedy='Setzen Sie den Text in Anführungszeichen: title: "Regel #1".',
                )
            ]
        )


def _sign_problem(file: str, line: int) -> Problem:
    return Problem(
        file,
        "Ein Wert beginnt mit *, & oder !; das hat in YAML eine eigene Bedeutung.",
        line,
        remedy='Setzen Sie den Text in Anführungszeichen: title: "*Eins* und zwei".',
    )


def _walk(
    node: yaml.Node,
    path: Path,
    first_line: int,
    lines: dict[Path, int],
    problems: list[Problem],
    file: str,
) -> None:
    lines[path] = node.start_mark.line + first_line
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + first_line
            if not isinstance(key_node, yaml.ScalarNode):
                problems.append(Problem(file, "Ein Feldname muss ein Wort sein.", line))
                continue
            key = key_node.value
            if key in seen:
                problems.append(
                    Problem(
                        file,
                        f"Das Feld steht schon in Zeile {seen[key]}.",
                        line,
                        key,
                        "Löschen Sie eines von beiden.",
                    )
                )
            seen[key] = line
            _walk(value_node, (*path, key), first_line, lines, problems, file)
            lines[(*path, key)] = line
            if isinstance(value_node, yaml.ScalarNode) and value_node.style in ("|", ">"):
                # Where the text itself begins: below its key.
                lines[(*path, key, 0)] = value_node.start_mark.line + first_line + 1
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _walk(item, (*path, number), first_line, lines, problems, file)


_YAML_TABS = "cannot start any token"
_YAML_COLON = "mapping values are not allowed"
_YAML_SIGNS = ("scanning a tag", "scanning an anchor", "scanning an alias", "tag handle")


def _yaml_problem(error: yaml.YAMLError, file: str, first_line: int) -> Problem:
    mark = getattr(error, "problem_mark", None)
    line = first_line + mark.line if mark is not None else first_line
    detail = f"{getattr(error, 'context', '')} {getattr(error, 'problem', '')}"
    if any(words in detail for words in _YAML_SIGNS):
        return _sign_problem(file, line)
    if _YAML_COLON in detail:
        remedy = (
            "Steht ein Doppelpunkt mit Leerzeichen im Text? "
            'Dann setzen Sie den Text in Anführungszeichen: title: "Eins: zwei".'
        )
    elif _YAML_TABS in detail:
        remedy = (
            "Rücken Sie mit Leerzeichen statt mit Tabulatoren ein, und setzen Sie Text, "
            'der mit @, %, ` oder " beginnt, in Anführungszeichen.'
        )
    else:
        remedy = (
            "Prüfen Sie Einrückung, Klammern und Anführungszeichen in dieser Zeile und der davor."
        )
    return Problem(file, "Das YAML ist nicht lesbar.", line, remedy=remedy)


def split(text: str, file: str) -> Source:
    """
    Return the parts of a Markdown file with YAML between ``---`` lines or with Pelican's ``Title: …`` lines.

    Raises:
        SourceError: There is no front matter, or it is not closed, or it is not a list of fields.
    """
    lines = text.split("\n")
    if not _DELIMITER.fullmatch(lines[0]):
        return _split_header(lines, file)
    end = next((n for n, line in enumerate(lines[1:], 1) if _DELIMITER.fullmatch(line)), None)
    if end is None:
        raise SourceError(
            [
                Problem(
                    file,
                    "Der Vorspann ist nicht abgeschlossen.",
                    1,
                    remedy="Setzen Sie nach dem letzten Feld eine Zeile mit ---.",
                )
            ]
        )
    document = load_yaml("\n".join(lines[1:end]), file, first_line=2)
    value = {} if document.value in (None, "") else document.value
    if not isinstance(value, dict):
        raise SourceError(
            [
                Problem(
                    file,
                    "Der Vorspann besteht nicht aus Feldern.",
                    2,
                    remedy="Schreiben Sie je Zeile „feld: wert“, zum Beispiel „title: Mein Beitrag“.",
                )
            ]
        )
    return Source(Document(value, document.lines), "\n".join(lines[end + 1 :]), body_line=end + 2)


def _split_header(lines: list[str], file: str) -> Source:
    """Read Pelican's own form: ``Key: value`` lines, continued by indented ones, up to an empty line."""
    value: dict[str, str] = {}
    positions: dict[Path, int] = {(): 1}
    body_start = len(lines)
    key = ""
    for number, line in enumerate(lines):
        match = _HEADER_LINE.fullmatch(line)
        if match:
            key = match[1].lower()
            if key in value:
                raise SourceError(
                    [
                        Problem(
                            file,
                            f"Das Feld steht schon in Zeile {positions[(key,)]}.",
                            number + 1,
                            key,
                            "Löschen Sie eines von beiden.",
                        )
                    ]
                )
            value[key] = match[2].strip()
            positions[(key,)] = number + 1
        elif key and line.startswith(("    ", "\t")) and line.strip():
            value[key] = f"{value[key]} {line.strip()}".strip()
        else:
            body_start = number
            break
    if not value:
        raise SourceError(
            [
                Problem(
                    file,
                    "Der Vorspann mit Titel und Datum fehlt.",
                    1,
                    remedy="Beginnen Sie die Datei mit einer Zeile ---, darunter „title: …“ und „date: …“, "
                    "dann wieder ---.",
                )
            ]
        )
    return Source(
        Document(value, positions), "\n".join(lines[body_start:]), body_line=body_start + 1
    )


def _listed(value: object) -> object:
    """Accept „a, b“ for a list, as Pelican's own form writes it."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _none_if_empty(value: object) -> object:
    return None if value == "" else value


# Others are slips of the finger; dates near the years 1 and 9999 cannot be reckoned with, either.
_YEARS = range(1000, 3000)


def _check_year(day: dt.date) -> None:
    if day.year not in _YEARS:
        raise ValueError(
            f"Das Jahr {day.year:04d} liegt zu weit weg.|Prüfen Sie, ob es ein Tippfehler ist."
        )


def _moment(value: object) -> object:
    """Turn ISO text into a date and time; a bare date is the start of its day, without a time zone."""
    if not isinstance(value, str):
        return value
    try:
        moment = dt.datetime.fromisoformat(value.strip())
    except ValueError:
        raise ValueError(
            f"„{value}“ ist kein Datum.|Schreiben Sie Jahr-Monat-Tag, zum Beispiel 2026-03-04 "
            "oder 2026-03-04 08:00."
        ) from None
    _check_year(moment)
    return moment


def parse_day(value: object) -> object:
    """Turn ISO text into a date; for use in models of other kinds of files, too."""
    if not isinstance(value, str):
        return value
    try:
        day = dt.date.fromisoformat(value.strip())
    except ValueError:
        raise ValueError(
            f"„{value}“ ist kein Datum.|Schreiben Sie Jahr-Monat-Tag, zum Beispiel 2026-03-04."
        ) from None
    _check_year(day)
    return day


def _check_slug(value: str) -> str:
    if not SLUG.fullmatch(value):
        raise ValueError(
            f"„{value}“ taugt nicht als Teil einer Adresse."
            "|Erlaubt sind a–z, 0–9 und Bindestriche dazwischen."
        )
    return value


def _check_text(value: str) -> str:
    if not value.strip():
        raise ValueError("Der Text ist leer.|Schreiben Sie etwas hinein oder löschen Sie das Feld.")
    if control := _CONTROL.search(value):
        raise ValueError(
            f"Der Text enthält ein Steuerzeichen (U+{ord(control[0]):04X}).|Löschen Sie es."
        )
    return value.strip()


def _check_alias(value: str) -> str:
    try:
        return checked_old(value)
    except AliasError as error:
        raise ValueError(str(error)) from None


Text = Annotated[str, AfterValidator(_check_text)]
Slug = Annotated[str, AfterValidator(_check_slug)]
Names = Annotated[list[Text], BeforeValidator(_listed)]
Moment = Annotated[dt.datetime, BeforeValidator(_moment)]
Day = Annotated[dt.date, BeforeValidator(parse_day)]
OptionalText = Annotated[Text | None, BeforeValidator(_none_if_empty)]
Aliases = Annotated[list[Annotated[str, AfterValidator(_check_alias)]], BeforeValidator(_listed)]


# The names are those of plugins.comments.systems.
Comments = Literal[
    "open",
    "closed",
    "isso",
    "giscus",
    "utterances",
    "remark42",
    "comentario",
    "cusdis",
    "disqus",
]


class Model(BaseModel):
    """A kind of file or entry; *kind* is its German name for messages."""

    # Deferred: building what validates takes longer than most builds need it for.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    kind: ClassVar[str] = "diese Datei"
    slug_source: ClassVar[Literal["title", "file"]] = "title"


class Post(Model):
    """The front matter of a post."""

    kind: ClassVar[str] = "einen Beitrag"
    title: Text
    date: Moment
    modified: Moment | None = None
    slug: Slug | None = None
    aliases: Aliases | None = None
    category: Text | None = None
    tags: Names = Field(default_factory=list)
    summary: OptionalText = None
    author: Text | None = None
    authors: Names = Field(default_factory=list)
    series: Slug | None = None
    series_index: int | None = Field(default=None, ge=1)
    lang: Literal["de", "de-CH", "en"] = "de"
    status: Literal["published", "draft", "hidden"] = "published"
    #: None: as the setting COMMENTS_DEFAULT says.
    comments: Comments | None = None
    mastodon: OptionalText = None


class Page(Model):
    """The front matter of a page."""

    kind: ClassVar[str] = "eine Seite"
    title: Text
    date: Moment | None = None
    modified: Moment | None = None
    slug: Slug | None = None
    aliases: Aliases | None = None
    summary: OptionalText = None
    author: Text | None = None
    lang: Literal["de", "de-CH", "en"] = "de"
    status: Literal["published", "draft", "hidden"] = "published"


M = TypeVar("M", bound=Model)


def validate(model: type[M], document: Document, file: str, path: Path = ()) -> M:
    """
    Return the part of *document* below *path* as *model*.

    Raises:
        SourceError: With one problem for each wrong field.
    """
    value = document.value
    for key in path:
        value = value[key]
    try:
        return model.model_validate(value)
    except ValidationError as error:
        details = error.errors()
        # „Title“ for „title“ is one mistake, not an unknown field and a missing one.
        misspelt = {
            (*detail["loc"][:-1], near)
            for detail in details
            if detail["type"] == "extra_forbidden" and (near := _nearest(model, detail["loc"]))
        }
        raise SourceError(
            [
                _field_problem(model, document, file, path, detail)
                for detail in details
                if detail["type"] != "missing" or detail["loc"] not in misspelt
            ]
        ) from None


_NO_SUCH_VALUE = {
    "int_parsing": ("ist keine ganze Zahl", "Schreiben Sie eine Zahl, zum Beispiel 3."),
    "int_type": ("ist keine ganze Zahl", "Schreiben Sie eine Zahl, zum Beispiel 3."),
    "greater_than_equal": ("ist zu klein", "Die Zählung beginnt bei 1."),
    "string_type": ("ist kein Text", "Schreiben Sie einen Text in eine Zeile."),
    "list_type": ("ist keine Liste", "Schreiben Sie [eins, zwei]."),
    "model_type": ("hat keine Felder", "Schreiben Sie „feld: wert“."),
}


def _field_problem(
    model: type[Model], document: Document, file: str, path: Path, detail: ErrorDetails
) -> Problem:
    location = tuple(detail["loc"])
    field = ".".join(str(key) for key in location if isinstance(key, str)) or None
    line = document.line((*path, *location))
    shown = f"„{_shortened(str(detail['input']))}“"
    match detail["type"]:
        case "missing":
            return Problem(
                file,
                "Das Feld fehlt.",
                line,
                field,
                f"Ergänzen Sie „{location[-1]}: …“; {model.kind} braucht es.",
            )
        case "extra_forbidden":
            return Problem(file, "Das Feld ist unbekannt.", line, field, _known(model, location))
        case "literal_error":
            allowed = str(detail["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
            return Problem(
                file, f"{shown} ist hier nicht möglich.", line, field, f"Erlaubt: {allowed}."
            )
        case "value_error":
            message, _, remedy = str(detail["ctx"]["error"]).partition("|")
            return Problem(file, message, line, field, remedy)
        case other:
            message, remedy = _NO_SUCH_VALUE.get(
                other, ("passt nicht", "Sehen Sie im HANDBUCH.md nach, was hier stehen kann.")
            )
            return Problem(file, f"{shown} {message}.", line, field, remedy)


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"


def _nearest(model: type[BaseModel], location: Path) -> str | None:
    names = list(_fields_at(model, location[:-1]))
    near = difflib.get_close_matches(str(location[-1]).lower(), names, n=1, cutoff=0.6)
    return near[0] if near else None


def _known(model: type[BaseModel], location: Path) -> str:
    near = _nearest(model, location)
    if near:
        return f"Meinten Sie „{near}“?"
    return f"Möglich sind: {', '.join(sorted(_fields_at(model, location[:-1])))}."


def _fields_at(model: type[BaseModel], location: Path) -> Iterable[str]:
    """Return the field names of the model nested at *location*; list numbers are passed over."""
    for key in location:
        if not isinstance(key, str) or key not in model.model_fields:
            continue
        nested = _nested_model(model.model_fields[key].annotation)
        if nested is not None:
            model = nested
    return model.model_fields


def _nested_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        nested = _nested_model(part)
        if nested is not None:
            return nested
    return None


def lead(text: str, words: int = 40) -> str:
    """Return the first *words* of plain *text* as HTML, for posts whose author wrote no summary."""
    parts = text.split()
    return escape(" ".join(parts[:words]) + ("\u00a0…" if len(parts) > words else ""), quote=False)


def line_of(text: str, needle: str, start: int = 1) -> int | None:
    """Return the number of the first line of *text* that contains *needle*, counted from *start*."""
    position = text.find(needle)
    return None if position < 0 else start + text.count("\n", 0, position)
