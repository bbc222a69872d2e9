"""The small template language of macros: Jinja cut down to saying facts. Used by parse and by render.

Only what is listed here is accepted: no calls, loops, arithmetic, item access or attributes outside the
schema. So a template ends in a time bound by its own length, and customer text is never read as a template.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from jinja2 import Template, TemplateSyntaxError, Undefined, nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from macros import formats
from macros.facts import ORDER_STATES, VARIABLES

MAX_TEMPLATE = 8_000
MAX_DEPTH = 16
OPEN, SHUT = "\ufdd0", "\ufdd1"  # Unicode noncharacters: never part of a text people exchange
SINK, LANG = "_sink", "_lang"

FILTERS = {"date": "date", "money": "money", "number": "number", "default": None}
_ALLOWED: tuple[type[nodes.Node], ...] = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.CondExpr),
    *(nodes.Name, nodes.Getattr, nodes.Const, nodes.List, nodes.Tuple, nodes.Filter),
    *(nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand, nodes.Test),
)
_NAMES: dict[type[nodes.Node], str] = {
    nodes.Call: "a call",
    nodes.For: "a loop",
    nodes.Getitem: "a look-up with […]",
    nodes.Assign: "set",
    nodes.Concat: "joining with ~",
}


class MissingFact(Undefined):
    """Stands where a fact is not known: false, equal to nothing, and remembered by name."""

    def __init__(self, variable: str) -> None:
        super().__init__(name=variable)
        self.variable = variable

    def _never(self, other: object) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return hash(self.variable)

    __lt__ = __le__ = __gt__ = __ge__ = _never  # type: ignore[assignment]


@lru_cache(maxsize=1024)
def problems_of(source: str) -> tuple[str, ...]:
    """Why this template is refused, in words for its author; empty if it may be rendered."""
    if len(source) > MAX_TEMPLATE:
        return (f"{len(source):,} characters; a macro may have {MAX_TEMPLATE:,}",)
    if OPEN in source or SHUT in source:
        return ("contains the noncharacters U+FDD0 or U+FDD1; remove them",)
    try:
        tree = _ENVIRONMENT.parse(source)
    except TemplateSyntaxError as error:
        return (f"line {error.lineno}: {error.message}",)
    except RecursionError:
        return ("nested too deeply",)
    return tuple(dict.fromkeys(_problems(tree, depth=0)))


def variables_of(source: str) -> frozenset[str]:
    """The names of all variables a valid template speaks of."""
    return frozenset(_named(_ENVIRONMENT.parse(source)))


@lru_cache(maxsize=1024)
def compiled(source: str) -> Template:
    """The template with every output routed through the sink, so that each filled place is known."""
    tree = _ENVIRONMENT.parse(source)
    for output in list(tree.find_all(nodes.Output)):
        output.nodes = [_routed(node) for node in output.nodes]
    return _ENVIRONMENT.from_string(tree)


def _problems(node: nodes.Node, depth: int) -> Iterator[str]:
    where = f"line {node.lineno}: "
    if depth > MAX_DEPTH:
        yield f"{where}nested too deeply"
        return
    if not isinstance(node, _ALLOWED):
        yield f"{where}{_NAMES.get(type(node), type(node).__name__.lower())} cannot be used in a macro"
        return
    yield from (where + what for what in _own_problems(node))
    if not isinstance(node, nodes.Getattr):
        for child in node.iter_child_nodes():
            yield from _problems(child, depth + 1)


def _own_problems(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Getattr) and _dotted(node) not in VARIABLES:
        yield f"unknown variable {_dotted(node)}"
    elif isinstance(node, nodes.Name):
        yield f"unknown variable {node.name}; variables are written group.name, such as order.number"
    elif isinstance(node, nodes.Test) and node.name not in ("defined", "undefined"):
        yield f"unknown test {node.name}; use defined or undefined"
    elif isinstance(node, nodes.Filter):
        yield from _filter_problems(node)
    elif isinstance(node, nodes.Compare):
        yield from _compare_problems(node)


def _compare_problems(node: nodes.Compare) -> Iterator[str]:
    constants = [const.value for const in node.find_all(nodes.Const)]
    if _dotted(node.expr) == "order.state":
        for state in sorted({str(value) for value in constants}.difference(ORDER_STATES)):
            yield f"unknown order state {state}; use one of {', '.join(ORDER_STATES)}"
    if any(
        one.op in ("in", "notin") and not isinstance(one.expr, (nodes.List, nodes.Tuple)) for one in node.ops
    ):
        yield "in needs a list, such as in ['placed', 'late']"
    if any(one.op in ("lt", "lteq", "gt", "gteq") for one in node.ops):
        kinds = {"number" if isinstance(value, int) else "text" for value in constants}
        kinds |= {VARIABLES[name].kind for name in _named(node) if name in VARIABLES}
        if kinds not in ({"number"}, {"date"}):
            yield "only numbers can be compared with numbers, and dates with dates"


def _filter_problems(node: nodes.Filter) -> Iterator[str]:
    if node.name not in FILTERS:
        yield f"unknown filter {node.name}; use one of {', '.join(FILTERS)}"
        return
    plain = (nodes.Const, nodes.Getattr) if node.name == "default" else (nodes.Const,)
    if (
        node.kwargs
        or node.dyn_args
        or node.dyn_kwargs
        or not all(isinstance(one, plain) for one in node.args)
    ):
        yield f"the filter {node.name} takes plain text, a number or, in default, a variable"
    elif len(node.args) > (1 if node.name in ("date", "default") else 0):
        yield f"the filter {node.name} got too many arguments"
    elif node.name == "date" and node.args and node.args[0].as_const() not in ("long", "short"):
        yield "the date filter knows the styles long and short"
    variable = VARIABLES.get(_dotted(node.node)) if node.node else None
    wanted = FILTERS[node.name]
    if variable and wanted and variable.kind != wanted:
        yield f"{variable.name} is a {variable.kind}; the filter {node.name} needs a {wanted}"


def _routed(node: nodes.Expr) -> nodes.Expr:
    if isinstance(node, nodes.TemplateData):
        return node
    named = [_dotted(node)] if isinstance(node, nodes.Getattr) else _named(node)
    variable = nodes.Const(named[0] if named else "", lineno=node.lineno)
    return nodes.Filter(node, "_fill", [variable], [], None, None, lineno=node.lineno)


def _named(node: nodes.Node) -> list[str]:
    return [_dotted(found) for found in node.find_all(nodes.Getattr)]


def _dotted(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{_dotted(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "?"


@pass_context
def _fill(context: Context, value: object, variable: str) -> str:
    sink = context[SINK]
    sink.append((value, variable))
    return f"{OPEN}{len(sink) - 1}{SHUT}"


@pass_context
def _date(context: Context, value: object, style: str = "long") -> object:
    return value if isinstance(value, Undefined) else formats.date_text(value, context[LANG], style)


@pass_context
def _money(context: Context, value: object) -> object:
    return value if isinstance(value, Undefined) else formats.money_text(value, context[LANG])


@pass_context
def _number(context: Context, value: object) -> object:
    return value if isinstance(value, Undefined) else formats.number_text(value, context[LANG])


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, autoescape=False)
    environment.globals.clear()
    default = environment.filters["default"]
    environment.filters = {
        "default": default,
        "date": _date,
        "money": _money,
        "number": _number,
        "_fill": _fill,
    }
    return environment


_ENVIRONMENT = _environment()
