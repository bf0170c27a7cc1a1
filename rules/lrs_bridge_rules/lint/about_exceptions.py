"""Lints about exceptions (`unless`): over, open for ever, or never needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrs_bridge_rules.lint.lint import Lint
from lrs_bridge_rules.lint.remark import Severity
from lrs_bridge_rules.wording import joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrs_bridge_rules.lint.lint import Checked
    from lrs_bridge_rules.lint.remark import Remark


class EndedException(Lint):
    """An exception whose end has passed."""

    name = "ended-exception"
    about = "The end of an exception has passed, so the rule applies again where it used to step back."

    def remarks(self, checked: Checked) -> Iterator[Remark]:
        for rule in checked.rules:
            for exemption in rule.exemptions:
                if exemption.ended(checked.now):
                    message = (
                        f"an exception of the rule {rule.id} (“{exemption.reason}”) ended on {exemption.last}, so"
                        " the rule applies there again; remove it, or give a later `until`"
                    )
                    yield self.remark(exemption.place, Severity.WARNING, f"rule {rule.id}", message)


class OpenException(Lint):
    """An exception that nobody will look at again, as it has no end, or nobody to ask, as it has no author."""

    name = "open-exception"
    about = "An exception without an end outlives its reason; one without an author leaves nobody to ask."

    def remarks(self, checked: Checked) -> Iterator[Remark]:
        for rule in checked.rules:
            for exemption in rule.exemptions:
                lacking = [
                    word for word, given in (("until", exemption.until), ("author", exemption.author)) if not given
                ]
                if lacking:
                    message = (
                        f"an exception of the rule {rule.id} (“{exemption.reason}”) has no"
                        f" {joined([f'`{word}`' for word in lacking])}; say {_ADVICE[tuple(lacking)]}"
                    )
                    yield self.remark(exemption.place, Severity.NOTE, f"rule {rule.id}", message)


_ADVICE = {
    ("until",): "until when it holds, so that somebody looks at it again",
    ("author",): "who made it, so that there is somebody to ask",
    ("until", "author"): "until when it holds and who made it, so that somebody looks at it again and can be asked",
}


class IdleException(Lint):
    """An exception for what the rule does not fit anyway."""

    name = "idle-exception"
    about = "An exception can never hold where its rule does, so it keeps nothing out."

    def remarks(self, checked: Checked) -> Iterator[Remark]:
        for rule in checked.rules:
            if not rule.exemptions or checked.of_completions.impossible(rule.condition):
                continue
            for exemption in rule.exemptions:
                if checked.of_completions.impossible(rule.condition, exemption.condition):
                    message = (
                        f"an exception of the rule {rule.id} (“{exemption.reason}”) can never hold where the rule"
                        " does, so it keeps nothing out; correct its condition, or remove it"
                    )
                    yield self.remark(exemption.place, Severity.WARNING, f"rule {rule.id}", message)
