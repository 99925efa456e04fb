"""The profile's edge: asks the safety check before a first session, shows and forgets what was told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from math import isfinite, isnan

from posecount import profile, safety
from posecount.heel_raise_test import checked_height_cm
from posecount.profile import Profile
from posecount.types import nan
from posecount.words import Words

Ask = Callable[[str], bool]  # a question, answered with yes or no
Tell = Callable[[str], None]


def run_profile(
    ask: Ask, tell: Tell, *, height_cm: float = nan, check: bool = False, forget: bool = False, language: str
) -> None:
    """Change what is asked to be changed, then show what is kept."""
    say = Words(language)
    if forget:
        profile.forget()
    known = profile.load()
    if not isnan(checked_height_cm(height_cm)):
        known = replace(known, height_cm=height_cm)
        profile.save(known)
    if check:
        known = _check(known, ask, tell, say, datetime.now().date())
    _show(known, tell, say)


def before_a_session(ask: Ask | None, tell: Tell, language: str = "en") -> bool:
    """Whether to begin. Without anyone to ask (`ask` is None), the check is only pointed to."""
    say, known = Words(language), profile.load()
    if not known.checked_on:
        if ask is None:
            tell(say("safety.unasked"))
            return True
        known = _check(known, ask, tell, say, datetime.now().date())
        return not known.yes or ask(say("safety.begin"))
    if known.yes:
        tell(safety.advice(known.yes, language))
    return True


def height_cm(asked_cm: float) -> float:
    """What was asked for now, or else what is in the profile; NaN for neither."""
    return profile.load().height_cm if isnan(checked_height_cm(asked_cm)) else asked_cm


def _check(known: Profile, ask: Ask, tell: Tell, say: Words, today: date) -> Profile:
    tell(f"{say('safety.title')}. {say('safety.ask')} {say('safety.local')}")
    questions = safety.questions(say.language)
    yes = tuple(code for code, question in questions.items() if ask(question))
    known = known.checked(yes, today)
    profile.save(known)
    tell(safety.advice(yes, say.language))
    tell(say("safety.disclaimer"))
    return known


def _show(known: Profile, tell: Tell, say: Words) -> None:
    tall = say("profile.height", height=say.number(known.height_cm)) if isfinite(known.height_cm) else ""
    tell(tall or say("profile.no_height"))
    if not known.checked_on:
        tell(say("safety.unasked"))
        return
    tell(say("profile.checked", day=known.checked_on))
    for code in known.yes:
        tell(f"- {say(f'safety.{code}')}")
    if known.yes:
        tell(say("safety.advice"))
