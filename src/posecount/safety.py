"""The short check before a first session: what to ask, and what to answer. Nothing leaves the machine."""

from collections.abc import Collection

from posecount.words import Words

# From the prescription that posecount was made to follow: with any of these, a professional is asked first.
QUESTIONS = ("clot", "injury", "swelling", "pain", "surgery")


def questions(language: str = "en") -> dict[str, str]:
    """Code -> the question in words, all of them to be answered with yes or no."""
    say = Words(language)
    return {code: say(f"safety.{code}") for code in QUESTIONS}


def advice(yes: Collection[str], language: str = "en") -> str:
    """What to tell someone who said yes to these codes; none of them clears the way."""
    return Words(language)("safety.advice" if any(code in QUESTIONS for code in yes) else "safety.clear")
