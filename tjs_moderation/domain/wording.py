"""Something the house says in its three languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """One thing in Finnish, Swedish and English; where a language has no words, the Finnish ones stand in."""

    fi: str
    sv: str = ""
    en: str = ""

    def __str__(self) -> str:
        return self.fi

    def in_language(self, language: str) -> str:
        """The words for somebody who reads `language` (fi, sv, en)."""
        return {"sv": self.sv, "en": self.en}.get(language) or self.fi
