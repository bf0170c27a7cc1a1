"""Alignment: does the organisation need it, does the learner want it? Four quadrants, each with its advice."""

from __future__ import annotations

from enum import StrEnum


class Quadrant(StrEnum):
    """The answer to both questions at once."""

    SWEET_SPOT = "sweet-spot"
    UPHILL = "uphill"
    GIFT = "gift"
    WASTE = "waste"


_BY_ANSWERS = {
    (True, True): Quadrant.SWEET_SPOT,
    (True, False): Quadrant.UPHILL,
    (False, True): Quadrant.GIFT,
    (False, False): Quadrant.WASTE,
}

ADVICE = {
    Quadrant.SWEET_SPOT: "Say aloud that this was worth it: it often goes unnoticed.",
    Quadrant.UPHILL: "Explain which initiative it serves, and agree why it is this person who should learn it.",
    Quadrant.GIFT: "Allow it knowingly, as a one-off or with some leeway, or say openly that it is outside work.",
    Quadrant.WASTE: "Avoid it: look at why it is offered, and who keeps asking for it.",
}


def quadrant(*, needed: bool, wanted: bool) -> Quadrant:
    """The quadrant of learning that the organisation needs or not, and the learner wants or not."""
    return _BY_ANSWERS[needed, wanted]
