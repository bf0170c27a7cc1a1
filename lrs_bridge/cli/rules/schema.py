"""`rules schema`: what editors need to complete and check rule documents while they are written."""

from __future__ import annotations

import json
from pathlib import Path

import click

from lrs_bridge_rules.documents.describing.schema import rules_schema


@click.command()
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it into this file instead.")
def schema(output: Path | None) -> None:
    """Print the JSON Schema of rule documents. Editors complete and check with it."""
    text = json.dumps(rules_schema(), indent=2, ensure_ascii=False) + "\n"
    if output is None:
        click.echo(text, nl=False)
        return
    output.write_text(text, "utf-8")
    click.echo(
        f"{output} holds the schema. First line of a document beside it, for editors with a YAML language server:"
    )
    click.echo(f"# yaml-language-server: $schema={output.name}")
