"""Fields of the settings' forms that read what a Finn types, and say in plain words what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, time
from decimal import Decimal, InvalidOperation

from flask_babel import gettext
from wtforms import Field, IntegerField, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TextInput


class MinutesField(Field):
    """Minutes as people write them, `5` or `1,5`; `data` is whole seconds."""

    widget = TextInput()
    data: int | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        minutes = Decimal(self.data or 0) / 60
        return f"{minutes.quantize(Decimal('0.01')).normalize():f}".replace(".", ",")

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was typed."""
        written = (valuelist[0] if valuelist else "").strip().replace(",", ".")
        try:
            minutes = Decimal(written)
        except InvalidOperation:
            minutes = Decimal("NaN")
        if not minutes.is_finite() or not 0 <= minutes <= 100_000:
            self.data = None
            raise ValueError(gettext("Kirjoita minuutit numeroina, esimerkiksi 5 tai 1,5."))
        self.data = int((minutes * 60).to_integral_value())


class WholeNumberField(IntegerField):
    """A whole number."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was typed."""
        written = (valuelist[0] if valuelist else "").strip()
        self.data = int(written) if written.isascii() and written.isdigit() and len(written) < 10 else None
        if self.data is None:
            raise ValueError(gettext("Kirjoita kokonaisluku."))


class ClockField(Field):
    """A time of day as Finns write it, `8` or `8.30`; typed rather than picked, so that no browser asks for a.m."""

    widget = TextInput()
    data: time | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data.hour}.{self.data.minute:02}" if self.data else ""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was typed."""
        hours, _, minutes = (valuelist[0] if valuelist else "").strip().replace(".", ":").partition(":")
        try:
            self.data = time(int(hours), int(minutes or 0))
        except ValueError:
            self.data = None
            raise ValueError(gettext("Kirjoita kellonaika muodossa 8.00.")) from None


class DayField(Field):
    """A day as Finns write it, `24.12.2026`, or `2026-12-24`; typed, so that no browser asks for the month first."""

    widget = TextInput()
    data: date | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data.day}.{self.data.month}.{self.data.year}" if self.data else ""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was typed."""
        written = (valuelist[0] if valuelist else "").strip()
        try:
            in_finnish = [int(part) for part in written.split(".")] if "." in written else []
            self.data = date(*reversed(in_finnish)) if in_finnish else date.fromisoformat(written)
        except (TypeError, ValueError):
            self.data = None
            raise ValueError(gettext("Kirjoita päivä muodossa 24.12.2026.")) from None


class ChecksField(SelectMultipleField):
    """Any number of choices, a box each."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: object) -> None:
        """Refuse what is none of the choices."""
        known = {value for value, *_ in self.iter_choices()}
        if not set(self.data or ()) <= known:
            raise ValidationError(gettext("Valitse arvo luettelosta."))


def at_most(most: int, message: object) -> Callable[[object, Field], None]:
    """A validator for a number: what could not be read has been told already."""

    def check(_form: object, field: Field) -> None:
        if field.data is not None and field.data > most:
            raise ValidationError(str(message))

    return check


def at_least_one(_form: object, field: Field) -> None:
    """A validator for a number: there is something of it."""
    if field.data is not None and field.data < 1:
        raise ValidationError(gettext("Kirjoita vähintään 1."))


def lines_of(written: str) -> list[str]:
    """The lines somebody wrote, white space evened out, without empty ones and repetitions."""
    return list(dict.fromkeys(" ".join(line.split()) for line in written.splitlines() if line.strip()))


def entries_of(written: str) -> list[str]:
    """The words somebody wrote with commas or lines between them, white space evened out, without repetitions."""
    return list(dict.fromkeys(" ".join(word.split()) for word in written.replace("\n", ",").split(",") if word.strip()))
