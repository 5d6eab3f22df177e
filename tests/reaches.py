"""Where the rooms reach into what Django, psycopg and the eventsourcing library keep to themselves.

Found by reading the code: an attribute with an underscore that is none of ours, and a method or
attribute of a class of ours that overrides one of theirs.
"""

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings

ROOMS = ("config", "eventstore", "projections", "versioning", "wiki")

DOCUMENTED = frozenset({"_meta", "_state", "_base_manager", "_default_manager", "_replace"})
"""Documented by Django, and by Python of named tuples: the underscore only avoids fields' names."""

NO_STRANGERS = frozenset({*ROOMS, *sys.stdlib_module_names})

REFLECTING = frozenset({"getattr", "hasattr", "setattr", "delattr"})

OWN_SELVES = frozenset({"self", "cls", "super()"})


def reaches() -> set[tuple[str, str]]:
    """Each file with each private name of somebody else's that it uses or overrides."""
    found = set()
    for room in ROOMS:
        for path in sorted((settings.BASE_DIR / room).rglob("*.py")):
            if "migrations" not in path.parts:
                file = str(path.relative_to(settings.BASE_DIR))
                found |= {(file, name) for name in _private_names(path)}
    return found


def _private_names(path: Path) -> Iterator[str]:
    tree = _tree(path)
    yield from _used(tree, path, None)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            owned = getattr(_module(path), node.name, None)
            for name in _defined_by(node):
                # A class inside of a function is not to be had: whatever it overrides counts.
                if _is_theirs(owned, name) if inspect.isclass(owned) else _is_private(name):
                    yield name


def _used(node: ast.AST, path: Path, owner: str | None) -> Iterator[str]:
    """The names that are used below a node, which lies in a class of ours."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield from _used(child, path, child.name)
            continue
        if isinstance(child, ast.Call):
            yield from (name for name in _quoted(child) if name not in _ours())
        if isinstance(child, ast.Attribute) and _is_private(child.attr):
            base = ast.unparse(child.value)
            owned = getattr(_module(path), owner or "", None)
            if base in OWN_SELVES and inspect.isclass(owned):
                if _is_theirs(owned, child.attr):
                    yield child.attr
            elif _is_of_theirs(path, base) or child.attr not in (
                _defined(_tree(path)) if base in OWN_SELVES else _ours()
            ):
                yield child.attr
        yield from _used(child, path, owner)


def _quoted(call: ast.Call) -> Iterator[str]:
    """Private names that are asked for as texts: by getattr() and its like, or of a `__dict__`."""
    function = ast.unparse(call.func)
    if function in REFLECTING or "__dict__." in function:
        for each in call.args:
            match each:
                case ast.Constant(value=str(name)) if _is_private(name):
                    yield name


def _is_of_theirs(path: Path, base: str) -> bool:
    """Whether what stands before the dot is a class of somebody else's, by its name."""
    named: Any = _module(path)
    for part in base.split("."):
        named = getattr(named, part, None)
    return inspect.isclass(named) and _package(named) not in NO_STRANGERS


def _defined_by(node: ast.ClassDef) -> Iterator[str]:
    for each in node.body:
        match each:
            case ast.FunctionDef(name=name):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in DOCUMENTED


def _is_theirs(owned: type[Any], name: str) -> bool:
    """Whether a class of somebody else's, from which ours inherits, has the private name."""
    if not _is_private(name):
        return False
    # A class that is mixed into others meets its strangers there.
    beside = vars(sys.modules[owned.__module__]).values()
    mixed = [each for each in beside if inspect.isclass(each) and issubclass(each, owned)]
    bases = {base for each in [owned, *mixed] for base in each.__mro__}
    return any(name in _names_of(base) for base in bases if _package(base) not in NO_STRANGERS)


def _package(owned: type[Any]) -> str:
    return owned.__module__.split(".")[0]


@cache
def _names_of(foreign: type[Any]) -> frozenset[str]:
    try:
        source = inspect.getsource(foreign)
    except (OSError, TypeError):
        source = ""
    assigned = re.findall(r"self\.(_\w+)(?::[^=\n]+)? = ", source)
    return frozenset([*vars(foreign), *assigned])


@cache
def _ours() -> frozenset[str]:
    """Every attribute that a class of the rooms defines somewhere."""
    return frozenset(
        name
        for room in ROOMS
        for path in (settings.BASE_DIR / room).rglob("*.py")
        for name in _defined(_tree(path))
    )


@cache
def _defined(tree: ast.Module) -> frozenset[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef():
                names.update(_defined_by(node))
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                names.add(name)
    return frozenset(names)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _module(path: Path) -> Any:
    relative = path.relative_to(settings.BASE_DIR).with_suffix("")
    return import_module(".".join(relative.parts).removesuffix(".__init__"))
