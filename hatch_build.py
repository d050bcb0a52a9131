"""Builds the web app into the package: the wheel carries it."""

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WebApp(BuildHookInterface):  # type: ignore[type-arg]
    PLUGIN_NAME = "custom"
