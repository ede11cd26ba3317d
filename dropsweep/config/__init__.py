"""From a YAML file to the runs it asks for: read, override, check, plan."""

from dropsweep.config.dump import dump
from dropsweep.config.load import STDIN, Loaded, load
from dropsweep.config.models import Config
from dropsweep.config.plan import plan, specs
from dropsweep.config.schema import json_schema

__all__ = ["STDIN", "Config", "Loaded", "dump", "json_schema", "load", "plan", "specs"]
