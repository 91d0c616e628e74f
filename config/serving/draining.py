"""Whether this web process is about to end: it still answers everybody, and asks to be sent nobody new."""

_under_way = False


def begin() -> None:
    global _under_way
    _under_way = True


def is_under_way() -> bool:
    return _under_way
