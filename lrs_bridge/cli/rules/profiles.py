"""`rules import-profile`, `rules templates`: xAPI Profiles beside the rules, and the Statement Templates in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from lrs_bridge.cli.options import files_argument, json_option
from lrs_bridge.cli.output import Table, cell_text, show_json, show_tables
from lrs_bridge.cli.rules.paths import chosen, paths_argument
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.errors import UsageError
from lrs_bridge_rules.documents.loader import load, texts_of
from lrs_bridge_rules.documents.tree import Problems
from lrs_bridge_rules.documents.vocabulary import Vocabulary, Words, short_name
from lrs_bridge_rules.templates.library import Library, library_of
from lrs_bridge_rules.templates.profile import SUFFIXES, Note, Profile, last_part, read_profile
from lrs_bridge_rules.templates.template import PROPERTIES, Template
from lrs_bridge_rules.wording import counted

_OTHER = "other concept"
_KINDS = {"Verb": "verb", "ActivityType": "activity type"}


@click.command("import-profile")
@files_argument
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), help="The folder of the rules, if not the configured."
)
@click.option("--force", is_flag=True, help="Overwrite a profile of the same name that says something else.")
@json_option
@pass_session
def import_profile(session: Session, files: tuple[Path, ...], into: Path | None, force: bool, as_json: bool) -> None:
    """Copy xAPI Profiles (JSON-LD) beside the rules. They are checked, and what they bring is told."""
    texts = {path: text for path in files for text in texts_of([path]).values()}
    library = library_of(_read(texts))
    folder = into or _folder(session)
    written = [_put(text, folder / _name(path), force=force) for path, text in texts.items()]
    if as_json:
        profiles = [_as_json(profile, path) for profile, path in zip(library.profiles, written, strict=True)]
        show_json({"profiles": profiles, "notes": [_note(note) for note in library.notes]})
        return
    for profile, path in zip(library.profiles, written, strict=True):
        click.echo(cell_text(f"{path}: {profile.name}: {_brings(profile)}"))
    for note in library.notes:
        click.echo(cell_text(f"  {note}"))
    click.echo(f"Next: lrs-bridge rules templates {folder}, and name one in a rule: when: {{template: …}}")


def _read(texts: dict[Path, str]) -> list[Profile]:
    """Read all of them before any is written. Raises DocumentError."""
    problems = Problems()
    read = [read_profile(path.as_posix(), text, problems) for path, text in texts.items()]
    problems.raise_if_any()
    return [profile for profile in read if profile is not None]


def _folder(session: Session) -> Path:
    configured = session.settings.rules.path
    return configured.parent if configured.is_file() else configured


def _name(path: Path) -> str:
    return path.name if path.suffix in SUFFIXES else f"{path.name}.jsonld"


def _put(text: str, target: Path, *, force: bool) -> Path:
    if target.exists() and not force and target.read_text("utf-8-sig", errors="replace") != text:
        raise UsageError(f"{target} is there already, and says something else.", "Overwrite it with --force.")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")
    return target


def _brings(profile: Profile) -> str:
    kinds = Counter(_KINDS.get(concept.kind, _OTHER) for concept in profile.concepts)
    parts = [counted(kinds[kind], kind) for kind in (*_KINDS.values(), _OTHER) if kinds[kind]]
    return ", ".join((*parts, counted(len(profile.templates), "template")))


def _as_json(profile: Profile, path: Path) -> dict[str, object]:
    return {
        "id": profile.id,
        "name": profile.name,
        "path": path,
        "concepts": len(profile.concepts),
        "templates": [template.id for template in profile.templates],
        "unusable": sorted(profile.unusable),
    }


def _note(note: Note) -> dict[str, object]:
    return {"path": note.place.path, "line": note.place.line, "column": note.place.column, "message": note.message}


@click.command()
@paths_argument
@json_option
@pass_session
def templates(session: Session, paths: tuple[Path, ...], as_json: bool) -> None:
    """List the Statement Templates that rules can name. And what each is about."""
    library = load(chosen(session, paths)).library
    if as_json:
        listed = [_template_as_json(each, library) for each in library.templates.values()]
        show_json({"templates": listed, "notes": [_note(note) for note in library.notes]})
        return
    rows = [_row(each, library) for each in library.templates.values()]
    # A column in which nothing stands would only take its width from the others.
    used = [name for name in (rows[0] if rows else ()) if any(row[name] for row in rows)]
    empty = "none: no profile stands beside the rules (lrs-bridge rules import-profile FILE)"
    show_tables([Table("", tuple(used), [[row[name] for name in used] for row in rows], empty)])
    for note in library.notes:
        click.echo(cell_text(str(note)), err=True)


def _row(template: Template, library: Library) -> dict[str, str | int]:
    words = library.vocabulary
    return {
        "name in rules": library.name_of(template),
        "verb": _short(template.asks("verb"), words.verbs) or "any",
        "object": _short(template.asks("objectActivityType"), words.activity_types) or "any",
        "also asks for": ", ".join(_others(template, words)),
        "rules": len(template.rules),
        "": "deprecated" if template.deprecated else "",
    }


def _short(iris: Sequence[str], names: Words) -> str:
    """Short names where there are any, else how the IRIs end: enough to know them by."""
    known = ((iri, short_name(iri, names)) for iri in iris)
    return ", ".join(name if name != iri else f"…/{last_part(iri)}" for iri, name in known)


def _others(template: Template, words: Vocabulary) -> list[str]:
    """What else a template asks for: types around the activity, attachments, other statements."""
    others = [each for each in template.determinants if each.property.several]
    said = [
        f"{each.property.word.removeprefix('context')} {_short(each.values, words.activity_types)}" for each in others
    ]
    references = {
        "objectStatementRefTemplate": template.object_ref,
        "contextStatementRefTemplate": template.context_ref,
    }
    return [*said, *(word for word, wanted in references.items() if wanted)]


def _template_as_json(template: Template, library: Library) -> dict[str, object]:
    return {
        "id": template.id,
        "short_name": library.name_of(template),
        "label": template.name,
        "profile": template.profile,
        "determining": {word: list(template.asks(word)) for word in PROPERTIES if template.asks(word)},
        "rules": len(template.rules),
        "deprecated": template.deprecated,
        "path": template.place.path,
        "line": template.place.line,
    }
