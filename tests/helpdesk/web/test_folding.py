"""What is worked out when a template is compiled must look as if it had not been."""

from __future__ import annotations

from pathlib import Path

import pytest
from markupsafe import Markup

from helpdesk.web.folding import Folding, Loader


@pytest.fixture
def env(tmp_path: Path) -> Folding:
    made = Folding(loader=Loader(tmp_path), autoescape=True)
    made.language, made.icon = "ja", lambda name: Markup("<svg id='{}'></svg>").format(name)
    (tmp_path / "row.html").write_text("{{ row }};")
    (tmp_path / "page.html").write_text(
        '{{ _("Settings") }} {{ icon("x") }} {{ name }} {% for row in rows %}{% include "row.html" %}{% endfor %}'
    )
    return made


def test_words_are_the_languages_and_values_are_escaped(env: Folding) -> None:
    shown = env.get_template("page.html").render(name="<b>", rows=["a", Markup("<i>"), 3])
    assert shown == "設定 <svg id='x'></svg> &lt;b&gt; a;<i>;3;"


def test_a_template_made_in_passing_keeps_its_words(env: Folding) -> None:
    shown = env.from_string('{{ _("Settings") }}').render({"_": str.upper})
    assert shown == "SETTINGS"
