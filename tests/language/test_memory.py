from __future__ import annotations

from tjs_moderation.domain.memory import Memory


def test_what_is_asked_again_is_not_worked_out_again_and_the_memory_stays_bounded() -> None:
    asked: list[str] = []

    def find(key: str) -> int:
        asked.append(key)
        return len(key)

    memory = Memory(find, 3)
    assert [memory[key] for key in ("a", "bb", "ccc", "dddd", "a")] == [1, 2, 3, 4, 1]
    assert asked == ["a", "bb", "ccc", "dddd"]
    for number in range(100):
        assert memory[str(number)] == len(str(number))
    assert len(memory) <= 3
    assert memory["a"] == 1
    assert asked[-1] == "a", "long unasked, it was forgotten"


def test_what_is_longer_than_any_word_is_not_kept() -> None:
    memory = Memory(len, 3)
    assert memory["a" * 10_000] == 10_000
    assert not memory
