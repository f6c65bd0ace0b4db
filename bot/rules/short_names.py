"""Names of units as people shorten them."""

SHORTEST = 3  # characters; of fewer nearly every name could be the long form


def is_short_for(words: str, name: str) -> bool:
    """Whether ``words`` are some of the characters of ``name`` in their order: 环保协会 of 东莞市环保志愿者协会."""
    if len(words) < SHORTEST:
        return False
    rest = iter(name)
    return all(one in rest for one in words)
