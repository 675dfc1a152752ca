"""Sphinx settings: Markdown through MyST, the furo theme, nothing fetched from elsewhere."""

project = "Sizhang 四账"
author = "Sizhang contributors"
copyright = "2026, Sizhang contributors"

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
root_doc = "index"
exclude_patterns = ["_build"]
language = "en"

myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = "Sizhang 四账"
