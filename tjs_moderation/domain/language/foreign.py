"""Swedish and English word forms: base forms by stripping endings, and who is spoken to."""

from __future__ import annotations

from functools import lru_cache

from tjs_moderation.domain.language.lexeme import Lexeme, Mark

_ENDINGS = (
    "arna",
    "erna",
    "orna",
    "erne",
    "ens",
    "en",
    "et",
    "ar",
    "er",
    "or",
    "na",
    "ns",
    "es",
    "ed",
    "ing",
    "s",
    "a",
    "n",
    "t",
    "e",
)
_MARKS: dict[int, str] = {
    Mark.YOU | Mark.YOU_PRONOUN: "you your yours yourself u ur youre you're du dig din ditt dina ni er era ert",
    Mark.ME: "i me myself we us jag mig vi oss i'm",
    Mark.MY: "my our min mitt mina vår vårt våra",
    Mark.BE: "am are is was were be been 're feel felt är var vara blir känner kände",
    Mark.NOT: """not don't doesn't isn't aren't never no nobody noone inte aldrig ej icke ingen inget inga int
        wasn't weren't ain't""",
    Mark.REPORT: """said says say told called calls call calling wrote writes heard sa sade säger kallade kallar kalla
        skrev skriver ropade hörde hotade hotar kallades kallas kallad säga kalla skrek threatened threatens shouted
        kallat skrivit ropat sagt hotat skriker höra yelled yells shouts screamed texted saying calling writing""",
    Mark.REPORT_NOUN: "word words ordet ord orden namn lappen brevet meddelande meddelandet letter note message sign",
    Mark.THIRD: "he she they him her them han hon de dem honom henne",
    Mark.THAT: "it this that these those den det denna detta dessa",
    Mark.PERSON: "man woman guy boss teacher people manager person chef lärare kvinna människa folk typ",
    Mark.STAFF: "staff organiser trainer lecturer tjs utbildare föreläsare personal informatör",
    Mark.GROUP: """immigrants muslims jews gays refugees women invandrare muslimer judar bögar flyktingar finnar ryssar
        kvinnor""",
    Mark.THING: """form page course lecture website link system food weather site video day week job work blankett sida
        kurs föreläsning webbplats länk system mat väder jobb arbete dag vecka""",
    Mark.INTERROGATIVE: "what who how when where why which vad vem hur när var varför vilken vilka vilket",
    Mark.IF: "if om",
}
_MARK_OF = {word: mark for mark, words in _MARKS.items() for word in words.split()}


@lru_cache(maxsize=20_000)
def foreign_lexeme(form: str) -> Lexeme:
    """The lexeme of a lower-case Swedish or English form; its lemmas are the form and what is left without endings."""
    stems = {form}
    for ending in _ENDINGS:
        if form.endswith(ending) and len(form) - len(ending) >= 3:
            stem = form[: -len(ending)]
            stems.add(stem)
            stems.add(stem + "a")
            if len(stem) > 3 and stem[-1] == stem[-2]:
                stems.add(stem[:-1])
    marks = _MARK_OF.get(form, Mark.NOTHING)
    if form in ("i'm", "im"):
        marks |= Mark.BE | Mark.ME
    if form in ("you're", "youre", "ur"):
        marks |= Mark.BE
    lemmas = frozenset(stems)
    return Lexeme(form, (), lemmas, marks, True, lemmas)
