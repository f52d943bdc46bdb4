"""Finding the few records among many that a piece of work cannot do."""

from collections.abc import Callable, Sequence


def find_failing_ids(ids: Sequence[str], work: Callable[[Sequence[str]], object]) -> dict[str, Exception]:
    """The ids for which `work` fails when it is handed that id alone, each with its exception.

    Halves what fails, so a few failing ids among n cost about as much as doing all the work two or three times.
    """
    try:
        if ids:
            work(ids)
    except Exception as problem:
        if len(ids) == 1:
            return {ids[0]: problem}
        middle = len(ids) // 2
        return find_failing_ids(ids[:middle], work) | find_failing_ids(ids[middle:], work)
    return {}
