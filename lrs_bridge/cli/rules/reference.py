"""`rules reference`: every key, field, operator and word of rule documents, for whoever writes them."""

from __future__ import annotations

import click

from lrs_bridge_rules.documents.describing.reference import reference as made


@click.command()
def reference() -> None:
    """Print what rules can say. All keys, fields, operators and words, as Markdown."""
    click.echo(made(), nl=False)
