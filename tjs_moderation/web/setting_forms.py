"""The forms of the settings: what each shows of what is set, and the verb it ends in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any, ClassVar

from babel.dates import get_day_names
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, TextAreaField
from wtforms.validators import ValidationError

from tjs_moderation.domain.deadlines import LONGEST, AnswerTime
from tjs_moderation.domain.drafting import CHOOSABLE, Agreement
from tjs_moderation.domain.rulebook.topic_text import faulty_words
from tjs_moderation.domain.vocabulary import Hours, Quoting, TimeUnit
from tjs_moderation.domain.working_time import WEEK, OfficeHours
from tjs_moderation.services import draft_agreement, options
from tjs_moderation.services.options import Languages, Options
from tjs_moderation.services.transaction import Actor
from tjs_moderation.settings import LARGEST_BULK, LOCALES
from tjs_moderation.web.change_words import LANGUAGE_NAMES
from tjs_moderation.web.fields import (
    ChecksField,
    ClockField,
    MinutesField,
    WholeNumberField,
    at_least_one,
    at_most,
    lines_of,
)
from tjs_moderation.web.forms import number_sent
from tjs_moderation.web.locales import languages
from tjs_moderation.web.words import word


class OptionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """One setting. `seen` is the number of the change it was filled in on."""

    fault_at: ClassVar[str] = ""
    """The field at which a refusal of the verb is told."""

    seen = HiddenField()

    @classmethod
    def told(cls, now: Options) -> dict[str, Any]:
        """What the fields hold of what is set now."""
        raise NotImplementedError

    def save(self, actor: Actor) -> None:
        """Have it changed."""
        raise NotImplementedError

    @classmethod
    def parts(cls, kept: Mapping[str, Any]) -> Mapping[str, Any]:
        """The parts of a kept change as the fields hold them."""
        return kept

    @property
    def number(self) -> int:
        """What was sent in `seen`."""
        return number_sent("seen")

    def show(self, name: str, value: Any) -> None:
        """Have a field show this rather than what was typed."""
        if value != self[name].data:
            self[name].data, self[name].raw_data = value, None


_MOST = at_most(options.LONGEST_HOLD_BACK, _("Varoaika voi olla enintään vuorokausi, 1440 minuuttia."))


class HoldBackForm(OptionForm):
    """How long each kind of act waits."""

    fault_at = "hide"

    hide = MinutesField(_("Piilottaminen"), validators=[_MOST])
    delete = MinutesField(_("Lopullinen poisto"), validators=[_MOST])
    reply = MinutesField(_("Julkinen vastaus"), validators=[_MOST])
    private_message = MinutesField(_("Yksityisviesti"), validators=[_MOST])

    @classmethod
    def told(cls, now: Options) -> dict[str, Any]:
        return {str(kind): seconds for kind, seconds in now.hold_back.items()}

    def save(self, actor: Actor) -> None:
        seconds = {kind: self[str(kind)].data for kind in options.HELD_BACK}
        options.set_hold_back(actor, seconds, self.number)


class FourEyesForm(OptionForm):
    """Whether one may approve what one wrote."""

    fault_at = "is_on"

    is_on = BooleanField(_("Vastauksen hyväksyy aina joku muu kuin sen kirjoittaja"))

    @classmethod
    def told(cls, now: Options) -> dict[str, Any]:
        return {"is_on": now.has_four_eyes}

    @classmethod
    def parts(cls, kept: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"is_on": kept[options.FOUR_EYES]} if options.FOUR_EYES in kept else {}

    def save(self, actor: Actor) -> None:
        options.set_four_eyes(actor, self.is_on.data, self.number)


class BulkCapForm(OptionForm):
    """How many items can be decided as one."""

    fault_at = "bulk_cap"

    bulk_cap = WholeNumberField(
        _("Enintään yhdellä kertaa"),
        description=_("Jokaisesta viestistä jää oma päätöksensä, ja koko joukon voi perua yhdellä painalluksella."),
        validators=[at_most(LARGEST_BULK, _("Yläraja voi olla enintään 5000."))],
        render_kw={"inputmode": "numeric"},
    )

    @classmethod
    def told(cls, now: Options) -> dict[str, Any]:
        return {"bulk_cap": now.bulk_cap}

    def save(self, actor: Actor) -> None:
        options.set_bulk_cap(actor, self.bulk_cap.data or 0, self.number)


class AutomaticForm(OptionForm):
    """What rules may hide by themselves."""

    fault_at = "cap_per_day"

    is_on = BooleanField(_("Säännöt saavat piilottaa selvän loukkauksen itse"))
    cap_per_day = WholeNumberField(
        _("Enintään päivässä"),
        description=_("Kun yläraja tulee täyteen, loput odottavat ihmistä."),
        validators=[at_most(options.LARGEST_CAP, _("Yläraja voi olla enintään 10000."))],
        render_kw={"inputmode": "numeric"},
    )
    hours = SelectField(_("Milloin"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hours.choices = [(hours.value, word(hours)) for hours in Hours]

    @classmethod
    def told(cls, now: Options) -> dict[str, Any]:
        set_now = now.automation
        return {"is_on": set_now.is_on, "cap_per_day": set_now.cap_per_day, "hours": set_now.hours.value}

    def save(self, actor: Actor) -> None:
        hours = Hours(self.hours.data)
        options.set_automatic(actor, self.is_on.data, self.cap_per_day.data, hours, self.number)


class OfficeHoursForm(OptionForm):
    """When somebody is at their desk."""

    fault_at = "closes"

    opens = ClockField(_("Alkaa"))
    closes = ClockField(_("Päättyy"))
    days = ChecksField(_("Työpäivät"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = get_day_names("wide", "stand-alone", get_locale())
        self.days.choices = [(day, names[day]) for day in WEEK]

    def validate_closes(self, field: ClockField) -> None:
        """The day ends after it begins."""
        if self.opens.data is not None and field.data is not None and field.data <= self.opens.data:
            raise ValidationError(gettext("Työaika päättyy ennen kuin se alkaa. Tarkista kellonajat."))

    def validate_days(self, field: ChecksField) -> None:
        """There is a day to work on."""
        if not field.data:
            raise ValidationError(gettext("Valitse ainakin yksi työpäivä."))

    @classmethod
    def told(cls, now: Options) -> dict[str, Any]:
        office = now.office_hours
        return {"opens": office.opens, "closes": office.closes, "days": sorted(office.days)}

    @classmethod
    def parts(cls, kept: Mapping[str, Any]) -> Mapping[str, Any]:
        return {name: told if name == "days" else time.fromisoformat(told) for name, told in kept.items()}

    def save(self, actor: Actor) -> None:
        opens, closes = self.opens.data or time(), self.closes.data or time()
        office = OfficeHours(opens, closes, frozenset(self.days.data or ()))
        options.set_office_hours(actor, office, self.number)


class MailQuotingForm(OptionForm):
    """Whose words may leave in a mail."""

    fault_at = "mail_quoting"

    mail_quoting = SelectField(
        _("Mitä ilmoitus lainaa"),
        description=_("Lainaus on enintään 200 merkkiä. Lähtenyttä postia ei voi enää poistaa."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mail_quoting.choices = [(quoting.value, word(quoting)) for quoting in Quoting]

    @classmethod
    def told(cls, now: Options) -> dict[str, Any]:
        return {"mail_quoting": now.mail_quoting.value}

    def save(self, actor: Actor) -> None:
        options.set_mail_quoting(actor, Quoting(self.mail_quoting.data), self.number)


class AnswerTimeForm(OptionForm):
    """How long an answer may take."""

    fault_at = "amount"

    amount = WholeNumberField(
        _("Vastausaika"),
        description=_("Muutos koskee kysymyksiä, jotka ohjataan tästä eteenpäin."),
        validators=[at_least_one, at_most(LONGEST, _("Vastausaika voi olla enintään 100."))],
        render_kw={"inputmode": "numeric"},
    )
    unit = SelectField(_("Vastausajan yksikkö"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit.choices = [(unit.value, word(unit)) for unit in TimeUnit]

    @classmethod
    def told(cls, now: Options) -> dict[str, Any]:
        return {"amount": now.answer_time.amount, "unit": now.answer_time.unit.value}

    @classmethod
    def parts(cls, kept: Mapping[str, Any]) -> Mapping[str, Any]:
        return dict(zip(("amount", "unit"), kept.get(options.ANSWER_TIME, ()), strict=False))

    def save(self, actor: Actor) -> None:
        options.set_answer_time(actor, AnswerTime(self.amount.data or 0, TimeUnit(self.unit.data)), self.number)


class LanguagesForm(OptionForm):
    """The languages of the console and of the public pages."""

    fault_at = "public"

    console = SelectField(
        _("Konsolin kieli"),
        description=_("Jokainen voi valita itselleen toisen kielen omissa asetuksissaan."),
        validate_choice=False,
    )
    public = ChecksField(
        _("Kielet, joilla yleisö voi lukea sivun säännöt"),
        description=_("Ensimmäisenä näytetään konsolin kieli, jos se on valittu, muuten ylin valituista."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.console.choices = list(languages().items())
        self.public.choices = [(code, str(LANGUAGE_NAMES[code])) for code in LOCALES]
        if options.is_fixed(options.LANGUAGES):
            self.console.render_kw = {"disabled": True}

    def validate_console(self, field: SelectField) -> None:
        """What the environment has fixed is not sent; the rest is one of the languages there are."""
        if not options.is_fixed(options.LANGUAGES) and field.data not in languages():
            raise ValidationError(gettext("Valitse kieli luettelosta."))

    def validate_public(self, field: ChecksField) -> None:
        """Somebody can read them."""
        if not field.data:
            raise ValidationError(gettext("Valitse ainakin yksi kieli."))

    @classmethod
    def told(cls, now: Options) -> dict[str, Any]:
        return {"console": now.languages.console, "public": list(now.languages.public)}

    def save(self, actor: Actor) -> None:
        fixed = options.languages_of(None).console if options.is_fixed(options.LANGUAGES) else ""
        options.set_languages(actor, Languages(fixed or self.console.data, tuple(self.public.data or ())), self.number)


class DraftChecksForm(OptionForm):
    """What drafts of answers are looked through for."""

    fault_at = "subjects"

    subjects = TextAreaField(
        _("Aiheet, joita ei viedä julkisuuteen"),
        description=_("Sana tai ilmaus riville, perusmuodossa. Konsoli tuntee taivutetut muodot ja yhdyssanat."),
        render_kw={"rows": 6},
    )
    own_contacts = TextAreaField(
        _("Omat yhteystiedot, jotka saa kertoa"),
        description=_("Yksi riville: puhelinnumero, osoite tai sähköposti. @tjs.example sallii koko päätteen."),
        render_kw={"rows": 4},
    )
    blocking = ChecksField(
        _("Nämä estävät lähettämisen"),
        description=_(
            "Muista huomautetaan, ja ohitettu huomautus jää talteen. Liian pitkä vastaus, täyttämätön kohta "
            "ja henkilötunnus estävät aina."
        ),
    )
    spells = BooleanField(_("Vihjaa sanoista, joita sanakirja ei tunne"))
    opens_links = BooleanField(_("Kokeile, aukeavatko vastauksen linkit"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.blocking.choices = [(check.value, word(check)) for check in CHOOSABLE]

    def validate_subjects(self, field: TextAreaField) -> None:
        """Every one can be looked for."""
        faults = faulty_words(lines_of(field.data or ""))
        if faults:
            raise ValidationError(
                gettext("Näitä aiheita ei voi hakea tekstistä: %(words)s", words=" ".join(faults[:10]))
            )

    @classmethod
    def told(cls, now: Options) -> dict[str, Any]:
        return dict(cls.parts(now.draft_checks.told))

    @classmethod
    def parts(cls, kept: Mapping[str, Any]) -> Mapping[str, Any]:
        return {name: "\n".join(told) if name in _LINES else told for name, told in kept.items()}

    def save(self, actor: Actor) -> None:
        told = {name: lines_of(self[name].data or "") for name in _LINES}
        switches = {name: self[name].data for name in ("spells", "opens_links")}
        agreed = Agreement.of({**told, **switches, "blocking": self.blocking.data or ()})
        draft_agreement.set_draft_checks(actor, agreed, self.number)


_LINES = ("subjects", "own_contacts")

FORMS: dict[str, type[OptionForm]] = {
    options.HOLD_BACK: HoldBackForm,
    options.FOUR_EYES: FourEyesForm,
    options.BULK_CAP: BulkCapForm,
    options.AUTOMATIC: AutomaticForm,
    options.OFFICE_HOURS: OfficeHoursForm,
    options.ANSWER_TIME: AnswerTimeForm,
    options.MAIL_QUOTING: MailQuotingForm,
    options.LANGUAGES: LanguagesForm,
    options.DRAFT_CHECKS: DraftChecksForm,
}
"""The form of each setting, by its name."""
