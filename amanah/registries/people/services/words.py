"""The words of all names, kept complete by whoever writes names."""
from collections.abc import Iterable

from ..models import Word


def remember(words: Iterable[str]) -> None:
    """Make these words known; those that are known already cost one look."""
    wanted = {word[:60] for word in words if word}
    new = wanted - set(Word.objects.filter(word__in=wanted).values_list("word", flat=True))
    Word.objects.bulk_create([Word(word=word) for word in sorted(new)], ignore_conflicts=True)
