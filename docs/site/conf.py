"""Sphinx's settings. Nothing comes from a network: the theme brings no fonts, formulas are MathML."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import formulas
from docstrings import plain_text, readable_signature

project = "estimation"
copyright = "the estimation developers"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
extensions += ["formulas", "pictures", "whole"]  # files beside this one
source_suffix = {".md": "markdown"}
root_doc = "index"
nitpicky = False  # types in signatures come from many libraries, which are not linked

html_theme = "furo"
html_title = "estimation"
html_static_path = ["static"]
templates_path = ["templates"]
html_additional_pages = {"search": "search.html"}
html_css_files = ["site.css"]
html_favicon = "static/icon.svg"
html_show_sphinx = False
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#00527f", "color-brand-content": "#00629b"},
    "dark_css_variables": {"color-brand-primary": "#56b4e9", "color-brand-content": "#56b4e9"},
}

myst_heading_anchors = 4
myst_enable_extensions = ["attrs_block", "dollarmath"]
html_math_renderer = formulas.NAME

add_module_names = False
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
maximum_signature_line_length = 90
toc_object_entries_show_parents = "hide"
napoleon_google_docstring = False
napoleon_use_param = False
napoleon_custom_sections = [("Attributes", "params_style")]  # a list, like parameters
napoleon_use_rtype = False
copybutton_selector = "div.highlight-python pre, div.highlight-bash pre, div.highlight-toml pre"


def setup(app):  # noqa: ANN001, ANN201 - Sphinx's own protocol
    """Read docstrings as they are written, and leave searching to ``static/search.js``."""
    app.connect("autodoc-process-docstring", plain_text, priority=400)
    app.connect("autodoc-process-signature", readable_signature)
    app.connect("builder-inited", lambda app: setattr(app.builder, "search", False))
