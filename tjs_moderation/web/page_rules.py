"""The page's rules in words: for everybody to read, in three languages; for the tiedottaja to write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, format_date, gettext
from flask_babel import lazy_gettext as _

from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import ConflictError, InvalidInputError, NotFoundError
from tjs_moderation.extensions import db
from tjs_moderation.services import options, page_rules
from tjs_moderation.services.transaction import look_anew
from tjs_moderation.settings import LOCALES
from tjs_moderation.web.access import me, permission, public
from tjs_moderation.web.forms import number_asked, number_sent, text_sent, words_sent
from tjs_moderation.web.locales import chosen_locale
from tjs_moderation.web.sentences import sentence

blueprint = Blueprint("page_rules", __name__)

NAMES = {"fi": "Suomeksi", "sv": "På svenska", "en": "In English"}
TITLES = {"fi": "Sivun säännöt", "sv": "Sidans regler", "en": "Rules of the page"}
VERSIONS = {"fi": "Versio {}, voimassa {} alkaen.", "sv": "Version {}, gäller från {}.", "en": "Version {}, since {}."}
"""What the public reads stands in the language of the rules, whatever language the console speaks."""

TEXT_LABELS = {"fi": _("Teksti suomeksi"), "sv": _("Teksti ruotsiksi"), "en": _("Teksti englanniksi")}
LONGEST_WHY = 1_000


@blueprint.get("/saannot")
@public
def in_words() -> str:
    """What is kept, weighed and removed, and how to complain."""
    offered, chosen = options.languages(db.session()).public, chosen_locale()
    return _in_words(chosen if chosen in offered else offered[0], offered)


@blueprint.get("/saannot/<any(fi, sv, en):language>")
@public
def in_language(language: str) -> str:
    """The same in a language of one's own, where the house offers it."""
    offered = options.languages(db.session()).public
    if language not in offered:
        raise NotFoundError("page_rules")
    return _in_words(language, offered)


@blueprint.get("/rules/words")
@permission(Permission.EDIT_RULES)
def show() -> str:
    """The texts, to be changed: those in force, or earlier ones."""
    live = page_rules.public_rules()
    number = number_asked("version")
    begun = live if number is None else page_rules.public_rules(number)
    return _page(begun.texts, live.number)


@blueprint.post("/rules/words")
@permission(Permission.EDIT_RULES)
def publish() -> ResponseReturnValue:
    """Put what was written in force."""
    texts, why = {language: text_sent(f"text_{language}") for language in LOCALES}, words_sent("why")
    began_from = number_sent("began_from")
    try:
        number = page_rules.publish_public_rules(me().id, texts, why, began_from)
    except InvalidInputError as error:
        return _page(texts, began_from, why, sentence(error)), 422
    except ConflictError as error:
        look_anew()
        return _page(texts, page_rules.public_rules().number, why, sentence(error)), 409
    flash(gettext("Sivun säännöt on julkaistu. Voimassa on nyt versio %(number)s.", number=number), "done")
    return redirect(url_for("page_rules.show"))


def _in_words(language: str, offered: Sequence[str]) -> str:
    rules = page_rules.public_rules()
    with force_locale(language):
        since = format_date(rules.published_at, "long")
    return render_template(
        "rules/in_words.html",
        language_shown=language,
        title=TITLES[language],
        text=rules.texts[language],
        version=VERSIONS[language].format(rules.number, since),
        names={code: NAMES[code] for code in LOCALES if code in offered},
    )


def _page(texts: Mapping[str, str], began_from: int, why: str = "", refusal: str = "") -> str:
    return render_template(
        "rules/words.html",
        texts=texts,
        labels=TEXT_LABELS,
        began_from=began_from,
        why=why,
        refusal=refusal,
        versions=page_rules.public_versions(),
        longest_why=LONGEST_WHY,
    )
