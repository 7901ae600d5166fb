"""Where a question stands: its name, and in a repeat the instance before it, as in `members[2]/cough` or
`house[1]/member[3]/name`. Groups are no part of a path (phone/src/forms/paths.ts)."""

from __future__ import annotations


def path_of(where: str, name: str) -> str:
    """The path of a name in an instance; `where` is '' outside repeats."""
    return f"{where}/{name}" if where else name


def instance_of(where: str, repeat: str, key: str) -> str:
    """The instance of a repeat."""
    return f"{path_of(where, repeat)}[{key}]"


def where_of(path: str) -> str:
    """The instance that a path stands in, '' outside repeats."""
    return path.rpartition("/")[0]


def name_of(path: str) -> str:
    """The name at the end of a path."""
    return path.rpartition("/")[2]


def key_of(where: str) -> str:
    """The key of the innermost instance: `3` of `members[3]`."""
    return where.rpartition("[")[2][:-1]


def outer(where: str, depth: int) -> str:
    """The first `depth` instances of where something stands."""
    return "/".join(where.split("/")[:depth]) if depth else ""


def repeats_of(where: str) -> tuple[str, ...]:
    """The repeats that an instance stands in, outermost first."""
    return tuple(one.partition("[")[0] for one in where.split("/")) if where else ()


def shared_depth(chain: tuple[str, ...], where: str) -> int:
    """How many of the repeats of a chain an instance stands in."""
    around = repeats_of(where)
    depth = 0
    while depth < len(chain) and depth < len(around) and chain[depth] == around[depth]:
        depth += 1
    return depth
