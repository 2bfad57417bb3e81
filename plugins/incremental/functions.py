"""What the filters, tests and functions that a template calls depend on beside their arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import FunctionType
from typing import Any

from jinja2 import Environment, TemplateError, nodes
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.filters import FILTERS
from jinja2.tests import TESTS

from plugins.incremental import core
from plugins.incremental.recording import FRAGMENT, reachable, references, unwatched

#: Those of Jinja's filters that call another one by its name.
_CALLERS = {"map", "select", "reject", "selectattr", "rejectattr"}
#: The rooms whose functions know nothing but their arguments; their code is in the key of caches.
_ROOMS = {"plugins", "social"}


def functions_key(environment: Environment, template: str, prints: core.Fingerprints) -> core.Print:
    """
    Return what stands for all that *template*, and what it includes, can call.

    Raises:
        UnsureError: Something of that may know more than its arguments: the settings, for instance.
    """
    kinds: tuple[tuple[type[Any], Mapping[str, Any], Mapping[str, Any]], ...] = (
        (nodes.Filter, environment.filters, FILTERS),
        (nodes.Test, environment.tests, TESTS),
        (nodes.Name, environment.globals, DEFAULT_NAMESPACE),
    )
    found = {}
    for tree in _trees(environment, template):
        for kind, functions, jinjas in kinds:
            for node in tree.find_all(kind):
                name = node.name
                if kind is nodes.Filter and name in _CALLERS:
                    raise core.UnsureError(f"{template}: {name}")
                if name not in functions or name == FRAGMENT:
                    continue
                function = unwatched(functions[name])
                if name not in jinjas or function is not jinjas[name]:
                    found[kind.__name__, name] = _print(function, prints)
    return tuple(sorted(found.items()))


def _trees(environment: Environment, template: str) -> list[nodes.Template]:
    """Return *template* and all that it can include."""
    assert environment.loader is not None
    loader, trees = environment.loader, []

    def includes(name: str) -> list[str]:
        try:
            source = loader.get_source(environment, name)[0]
            trees.append(environment.parse(source))
        except (TemplateError, UnicodeDecodeError) as error:
            raise core.UnsureError(name) from error
        if (included := references(environment, source)) is None:
            raise core.UnsureError(name)
        return included

    reachable(template, includes)
    return trees


def _print(value: Any, prints: core.Fingerprints) -> core.Print:
    if isinstance(value, partial):
        fixed = prints.of(value.args), prints.of(value.keywords)
        return ("partial", _print(value.func, prints), fixed)
    return _name(value) if callable(value) else prints.of(value)


def _name(function: Callable[..., Any]) -> str:
    """
    Return the name of a function of ours.

    Raises:
        UnsureError: It is no function of a module of ours, or asks Jinja for more than its arguments.
    """
    is_ours = (
        type(function) is FunctionType
        and function.__module__.partition(".")[0] in _ROOMS
        and function.__closure__ is None
        and not hasattr(function, "jinja_pass_arg")
    )
    if not is_ours:
        raise core.UnsureError(repr(function))
    return f"{function.__module__}.{function.__qualname__}"
