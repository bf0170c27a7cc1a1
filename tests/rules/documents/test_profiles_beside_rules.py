"""Profiles as documents of a ruleset: found beside the rules, kept with them, refused at their place."""

from pathlib import Path

import pytest

from lrs_bridge_rules.documents.loader import load, load_texts, sources_of
from lrs_bridge_rules.errors import DocumentError
from support.profiles import TEMPLATE, VERB, a_profile, a_template, as_text
from support.xapi import a_rule

_RULES = "rules:\n" + a_rule(f"{{template: '{TEMPLATE}'}}")
_PROFILE = as_text(a_profile(a_template(verb=VERB)))


def _folder(path: Path, **texts: str) -> Path:
    for name, text in {"rules.yaml": _RULES, **texts}.items():
        (path / name).write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("name", ["harbour.jsonld", "harbour.json"])
def test_a_profile_in_the_folder_belongs_to_its_rules(tmp_path: Path, name: str) -> None:
    ruleset = load([_folder(tmp_path, **{name: _PROFILE})])

    assert list(ruleset.library.templates) == [TEMPLATE]


def test_other_json_in_the_folder_is_none_of_its_business(tmp_path: Path) -> None:
    folder = _folder(tmp_path, **{"harbour.jsonld": _PROFILE, "schema.json": "{}", "notes.json": "no JSON at all"})

    assert sorted(name.rpartition("/")[2] for name in load([folder]).documents) == ["harbour.jsonld", "rules.yaml"]


def test_a_profile_can_be_named_like_any_document(tmp_path: Path) -> None:
    folder = _folder(tmp_path, harbour=_PROFILE)
    (folder / "harbour").rename(tmp_path / "elsewhere.json")

    assert load([folder / "rules.yaml", tmp_path / "elsewhere.json"]).rules


def test_a_json_that_is_named_and_is_no_profile_is_refused(tmp_path: Path) -> None:
    folder = _folder(tmp_path, **{"harbour.json": "{}"})

    with pytest.raises(DocumentError, match=r"harbour\.json:1:1: not an xAPI Profile"):
        load([folder / "harbour.json"])


def test_a_profile_that_cannot_be_read_is_told_with_everything_else(tmp_path: Path) -> None:
    folder = _folder(tmp_path, **{"harbour.jsonld": '{"type": "Profile",}', "more.yaml": "ruls: []"})

    with pytest.raises(DocumentError) as refused:
        load([folder])

    problems = [(problem.path.rpartition("/")[2], problem.line, problem.column) for problem in refused.value.problems]
    assert problems == [("harbour.jsonld", 1, 20), ("more.yaml", 1, 1), ("rules.yaml", 2, 49)]


def test_what_is_kept_of_a_version_holds_its_profiles_and_loads_again(tmp_path: Path) -> None:
    kept = sources_of([_folder(tmp_path, **{"harbour.jsonld": _PROFILE})])

    again = load_texts(kept)

    assert [text for name, text in kept.items() if name.endswith(".jsonld")] == [_PROFILE]
    assert again.digest == load([tmp_path]).digest
    assert list(again.library.templates) == [TEMPLATE]


def test_another_profile_is_another_version(tmp_path: Path) -> None:
    before = load([_folder(tmp_path, **{"harbour.jsonld": _PROFILE})]).digest
    after = load([_folder(tmp_path, **{"harbour.jsonld": _PROFILE + "\n"})]).digest

    assert before != after
