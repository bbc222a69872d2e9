"""Templates that are quick: what is the same on every page of a language is worked out when they are compiled."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from jinja2 import Environment, FileSystemLoader, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape
from markupsafe._speedups import _escape_inner

from helpdesk import i18n

LOOK_AGAIN = 1.0  # seconds until a template's file is looked at again


class _Plain(CodeGenerator):
    """Values are escaped by `Folding.shown`; an included file comes as one string, not piece by piece."""

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:
        if node.ignore_missing or not node.with_context or not isinstance(node.template, nodes.Const):
            super().visit_Include(node, frame)
            return
        self.writeline("template = environment.get_template(", node)
        self.visit(node.template, frame)
        self.write(f", {self.name!r})")
        values = f"context.get_all(), True, {self.dump_local_context(frame)}"
        self.writeline(
            f"event = environment.concat(template.root_render_func(template.new_context({values})))"
        )
        self.simple_write("event", frame)

    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
            return
        self.write("environment.shown(")
        if finalize.src is not None:
            self.write(finalize.src)


class Folding(Environment):
    """An environment of one language, in which `_("words")` and `icon("name")` are constants."""

    language: str
    icon: Callable[..., Markup]
    code_generator_class = _Plain

    @staticmethod
    def shown(value: Any) -> str:
        """As `markupsafe.escape`, without making a Markup of every string on the page."""
        return _escape_inner(value) if type(value) is str else escape(value)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed = super()._parse(source, name, filename)
        if name is None:  # made in passing, perhaps shown in several languages
            return parsed
        with i18n.using(self.language):
            folded: nodes.Template = _Fold(self).visit(parsed)
        return folded


class Loader(FileSystemLoader):
    """Looks at files for changes now and then instead of at every inclusion of every row."""

    def get_source(self, environment: Environment, template: str) -> Any:
        source, filename, fresh = super().get_source(environment, template)
        return source, filename, _now_and_then(fresh)


class _Fold(NodeTransformer):
    def __init__(self, environment: Folding) -> None:
        self.environment = environment

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        given = [one.value for one in node.args if isinstance(one, nodes.Const)]
        known = len(given) == len(node.args) and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
        if not known or name not in ("_", "icon"):
            return node
        if name == "_":
            said = Markup(i18n.gettext(*given)) % {}  # noqa: S704 - words of our own catalogue
            return nodes.Const(said, lineno=node.lineno)
        return nodes.Const(self.environment.icon(*given), lineno=node.lineno)


def _now_and_then(fresh: Callable[[], bool] | None) -> Callable[[], bool]:
    looked = time.monotonic()

    def still() -> bool:
        nonlocal looked
        if fresh is None or time.monotonic() - looked < LOOK_AGAIN:
            return True
        looked = time.monotonic()
        return fresh()

    return still
